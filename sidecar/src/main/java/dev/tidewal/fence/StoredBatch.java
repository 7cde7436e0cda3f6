package dev.tidewal.fence;

import dev.tidewal.core.Position;
import dev.tidewal.wal.WalPoint;
import java.time.Instant;
import java.util.Optional;

/**
 * What is acknowledged of a replica: exactly what its head object records.
 *
 * @param position TXID, and the rolling checksum (0: not recorded)
 * @param end where the object ends in the WAL; empty when it is not from one
 * @param commit database size in pages
 * @param pageSize bytes
 * @param timestamp the LTX timestamp, in milliseconds
 * @param fileChecksum the object's own checksum
 */
public record StoredBatch(
    Position position,
    Optional<WalPoint> end,
    long commit,
    int pageSize,
    Instant timestamp,
    long fileChecksum) {

  static StoredBatch of(StoredObject object) {
    return of(object.asHead());
  }

  static StoredBatch of(ReplicaHead.At head) {
    return new StoredBatch(
        head.position(),
        head.end(),
        head.commit(),
        head.pageSize(),
        head.timestamp(),
        head.fileChecksum());
  }
}
