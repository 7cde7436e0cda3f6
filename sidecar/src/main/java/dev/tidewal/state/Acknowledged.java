package dev.tidewal.state;

import dev.tidewal.core.Position;
import dev.tidewal.core.Txid;
import dev.tidewal.wal.WalPoint;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The last state of the database that the replica acknowledged, as this machine knows it: a witness
 * for the floor, and what continuity is proven against at the next start.
 *
 * @param position TXID and rolling checksum of the head that was acknowledged; checksum 0 when the
 *     object that we adopted did not record it
 * @param wal the byte after the last WAL frame that the head holds, with the frame checksum there;
 *     empty when the head was not read from a WAL
 * @param commit database size in pages
 * @param pageSize bytes
 * @param backfilled every page of this TXID and of all before it is known to be in the database
 *     file, not only in the WAL; at most the position's TXID
 * @param owner owner id under which the head was written, 32 hex digits
 * @param fileChecksum the head object's own checksum (its last 8 bytes)
 * @param timestamp the head's LTX timestamp, in milliseconds; the next object's is not before it
 * @param databaseId database id of the replica's root marker: which replica the TXID counts in
 * @param clusterId cluster id of the replica's root marker, may be empty
 */
public record Acknowledged(
    Position position,
    Optional<WalPoint> wal,
    long commit,
    int pageSize,
    Txid backfilled,
    String owner,
    long fileChecksum,
    Instant timestamp,
    String databaseId,
    String clusterId) {
  public Acknowledged {
    timestamp = timestamp.truncatedTo(ChronoUnit.MILLIS);
    if (position.isNone()) {
      throw new IllegalArgumentException("nothing was acknowledged");
    }
    if (backfilled.isAfter(position.txid())) {
      throw new IllegalArgumentException(
          "backfilled " + backfilled + " is after the position " + position.txid());
    }
    if (commit < 0 || pageSize < 512 || pageSize > 65536 || Integer.bitCount(pageSize) != 1) {
      throw new IllegalArgumentException("commit " + commit + ", page size " + pageSize);
    }
  }

  /** Whether the database file alone, without its WAL, holds the acknowledged state. */
  public boolean allBackfilled() {
    return backfilled.equals(position.txid());
  }

  /** The same, now that a checkpoint copied everything of {@code txid} into the database file. */
  public Acknowledged backfilledThrough(Txid txid) {
    return new Acknowledged(
        position,
        wal,
        commit,
        pageSize,
        txid,
        owner,
        fileChecksum,
        timestamp,
        databaseId,
        clusterId);
  }
}
