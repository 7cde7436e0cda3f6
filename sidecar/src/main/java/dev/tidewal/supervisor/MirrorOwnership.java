package dev.tidewal.supervisor;

import dev.tidewal.compact.Ownership;
import dev.tidewal.compact.ProtectedBranch;
import dev.tidewal.core.Txid;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Another destination belongs to whoever owns the first one, and reaches as far as it was copied.
 */
record MirrorOwnership(ChainOwnership authority, Supplier<Txid> position) implements Ownership {
  @Override
  public void assure() {
    authority.assure();
  }

  @Override
  public Txid acknowledged() {
    return position.get();
  }

  @Override
  public String ownerId() {
    return authority.ownerId();
  }

  @Override
  public Optional<String> clusterId() {
    return authority.clusterId();
  }

  @Override
  public List<ProtectedBranch> branches() {
    return authority.branches();
  }
}
