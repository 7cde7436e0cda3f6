package dev.tidewal.replica;

/**
 * How large the parts of a multipart upload are: equal (some stores insist), whole mebibytes, and
 * so that 10,000 of them hold the largest object that may come.
 */
final class PartSize {
  static final int MAX_PARTS = 10_000;
  private static final long MIB = 1 << 20;

  /** S3's limit, 5 TiB. */
  private static final long LARGEST_OBJECT = 5L << 40;

  private PartSize() {}

  static long bytesFor(long maxSizeBytes, long smallestBytes) {
    long needed = Math.ceilDiv(Math.clamp(maxSizeBytes, 0, LARGEST_OBJECT), MAX_PARTS);
    return Math.ceilDiv(Math.max(needed, smallestBytes), MIB) * MIB;
  }
}
