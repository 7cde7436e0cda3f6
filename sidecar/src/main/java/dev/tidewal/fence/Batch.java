package dev.tidewal.fence;

import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxHeader.WalSpan;
import dev.tidewal.ltx.LtxSummary;
import dev.tidewal.wal.WalPoint;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Optional;

/**
 * The content of the next object, before it has a TXID: that is given when its upload starts.
 *
 * @param commit database size in pages after it
 * @param pageSize bytes
 * @param span where in the WAL it was read; for a difference or a full read, the end of the
 *     consistent state in the WAL, with size 0
 * @param end the end of the span with the running checksum there
 * @param checksum rolling checksum of the database after it, 0 when that is not known
 * @param timestamp of its newest commit; the object's is never before the previous one's
 * @param maxSizeBytes upper bound of the object's size
 * @param encoder writes the LTX file
 */
public record Batch(
    long commit,
    int pageSize,
    WalSpan span,
    Optional<WalPoint> end,
    long checksum,
    Instant timestamp,
    long maxSizeBytes,
    Encoder encoder) {

  /** Writes the whole LTX file with the given header; called again when an attempt failed. */
  @FunctionalInterface
  public interface Encoder {
    LtxSummary encode(LtxHeader header, OutputStream out) throws IOException;
  }
}
