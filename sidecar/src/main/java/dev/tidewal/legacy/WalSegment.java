package dev.tidewal.legacy;

import java.time.Instant;
import java.util.Comparator;

/**
 * Consecutive bytes of one WAL, LZ4-compressed.
 *
 * <p>Order: by index, then offset, as numbers: the text of an offset grows beyond 4 GiB.
 *
 * @param generation 16 hex digits
 * @param index number of the WAL
 * @param offset where in the WAL it starts
 * @param key relative to the replica's prefix
 * @param created when it was stored
 */
public record WalSegment(
    String generation, long index, long offset, String key, long sizeBytes, Instant created)
    implements Comparable<WalSegment> {
  private static final Comparator<WalSegment> ORDER =
      Comparator.comparingLong(WalSegment::index).thenComparingLong(WalSegment::offset);

  @Override
  public int compareTo(WalSegment other) {
    return ORDER.compare(this, other);
  }
}
