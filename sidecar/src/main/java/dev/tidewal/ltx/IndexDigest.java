package dev.tidewal.ltx;

/**
 * A running digest of (page number, offset, length) triples, so that frames and index of a file can
 * be compared without holding either. Against accidents, not forgers.
 */
final class IndexDigest {
  private long hash;
  private long count;

  void add(long pgno, long offset, long length) {
    hash = mix(mix(mix(hash, pgno), offset), length);
    count++;
  }

  /** Fibonacci hashing (Knuth, TAOCP 6.4), folded so that high bits reach the low ones. */
  private static long mix(long hash, long value) {
    long product = (hash ^ value) * 0x9E3779B97F4A7C15L;
    return product ^ (product >>> 29);
  }

  long count() {
    return count;
  }

  long hash() {
    return hash;
  }

  boolean sameAs(IndexDigest other) {
    return hash == other.hash && count == other.count;
  }
}
