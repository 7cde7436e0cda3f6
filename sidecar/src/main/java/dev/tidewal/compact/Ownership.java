package dev.tidewal.compact;

import dev.tidewal.core.Txid;
import java.util.List;
import java.util.Optional;

/** What compaction must know of the one who may write the replica. Safe for use by many threads. */
public interface Ownership {
  /**
   * Makes sure that the replica is still ours, with a request unless that is known.
   *
   * @throws dev.tidewal.core.TidewalException.Fenced when it is not
   */
  void assure();

  /** The last TXID that the store acknowledged to us; nothing above it is ever touched. */
  Txid acknowledged();

  /** The owner id of our claim. */
  String ownerId();

  /** The cluster id of the root marker. */
  Optional<String> clusterId();

  /** Branches to protect, expired ones included or not. */
  List<ProtectedBranch> branches();
}
