package dev.tidewal.fence;

import dev.tidewal.core.Position;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxHeader.WalSpan;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.wal.WalPoint;
import java.time.Instant;
import java.util.Optional;

/** The newest state that a replica holds, as a start finds it. */
public sealed interface ReplicaHead {
  /** The store answered: no level holds any object. */
  record Empty() implements ReplicaHead {}

  /**
   * The newest object.
   *
   * @param object its name; L0 but for replicas that lost their batches
   * @param position its last TXID, and the rolling checksum recorded beside it (0: not recorded)
   * @param owner owner id recorded beside it; empty for objects that Litestream wrote
   * @param span where in a WAL it was read
   * @param end the end of that span with the frame checksum there; empty when that is not recorded
   * @param commit database size in pages
   * @param pageSize bytes
   * @param timestamp the LTX timestamp
   * @param fileChecksum its last 8 bytes
   * @param isClaim it has no pages
   */
  record At(
      LtxName object,
      Position position,
      Optional<String> owner,
      WalSpan span,
      Optional<WalPoint> end,
      long commit,
      int pageSize,
      Instant timestamp,
      long fileChecksum,
      boolean isClaim)
      implements ReplicaHead {
    public Txid txid() {
      return position.txid();
    }
  }

  /**
   * The store did not answer, or we don't know yet where it is.
   *
   * @param problem {@link StartProblem#STORE_UNREACHABLE} or {@link StartProblem#BUCKET_NOT_READY}
   * @param cause one line
   */
  record Unreachable(StartProblem problem, String cause) implements ReplicaHead {}
}
