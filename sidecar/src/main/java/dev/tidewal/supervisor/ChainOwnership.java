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
import org.jspecify.annotations.Nullable;

/** The chain of the first destination, as compaction asks about it. */
final class ChainOwnership implements Ownership {
  private final Uploader uploader;
  private final ReplicaClient client;
  private @Nullable Known known;

  /** The branches at the time of a claim. */
  private record Known(String owner, List<ProtectedBranch> branches) {}

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
    return chain().clusterId();
  }

  /** Only the owner writes them, and only with its claim: they are read once for each claim. */
  @Override
  public synchronized List<ProtectedBranch> branches() {
    String owner = ownerId();
    Known last = known;
    if (last != null && last.owner.equals(owner)) {
      return last.branches;
    }
    List<ProtectedBranch> read =
        Branches.read(client).stream()
            .map(branch -> new ProtectedBranch(branch.txid(), branch.until()))
            .toList();
    known = new Known(owner, read);
    return read;
  }

  private Chain chain() {
    return uploader
        .chain()
        .orElseThrow(() -> new TidewalException.StoreUnreachable("the replica is not claimed yet"));
  }
}
