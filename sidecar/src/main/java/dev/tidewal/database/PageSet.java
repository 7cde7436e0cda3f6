package dev.tidewal.database;

/** A set of page numbers, one bit each. Not thread-safe. */
final class PageSet {
  private final long[] words;
  private long size;

  /**
   * @param pages the largest page number that can be added
   */
  PageSet(long pages) {
    words = new long[Math.toIntExact(pages / Long.SIZE + 1)];
  }

  void add(long pgno) {
    long bit = 1L << pgno;
    int word = (int) (pgno / Long.SIZE);
    if ((words[word] & bit) == 0) {
      words[word] |= bit;
      size++;
    }
  }

  long size() {
    return size;
  }

  /** The smallest member that is not below {@code pgno}, or -1. */
  long next(long pgno) {
    int word = (int) (pgno / Long.SIZE);
    if (word >= words.length) {
      return -1;
    }
    long bits = words[word] & (-1L << pgno);
    while (bits == 0) {
      if (++word == words.length) {
        return -1;
      }
      bits = words[word];
    }
    return (long) word * Long.SIZE + Long.numberOfTrailingZeros(bits);
  }
}
