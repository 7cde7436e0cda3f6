package dev.tidewal.supervisor;

import dev.tidewal.compact.Ownership;
import dev.tidewal.compact.ProtectedBranch;
import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.fence.Branches;
import dev.tidewal.fence.Chain;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replicate.Uploader;
import java.util.List;
import java.util.Optional;

/** The chain of the first destination, as compaction asks about it. */
final class ChainOwnership implements Ownership {
  private final Uploader uploader;
  private final ReplicaClient client;

  ChainOwnership(Uploader uploader, ReplicaClient client) {
    this.uploader = uploader;
    this.client = client;
  }

  @Override
  public void assure() {
    chain().assureOwner();
  }

  @Override
  public Txid acknowledged() {
    return chain().head().position().txid();
  }

  @Override
  public String ownerId() {
    return chain().owner();
  }

  @Override
  public Optional<String> clusterId() {
    return Optional.empty();
  }

  @Override
  public List<ProtectedBranch> branches() {
    return Branches.read(client).stream()
        .map(branch -> new ProtectedBranch(branch.txid(), branch.until()))
        .toList();
  }

  private Chain chain() {
    return uploader
        .chain()
        .orElseThrow(() -> new TidewalException.StoreUnreachable("the replica is not claimed yet"));
  }
}
