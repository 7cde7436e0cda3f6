package dev.tidewal.restore;

import java.io.IOException;

/**
 * A set of page numbers up to a limit: one bit each, in chunks that are made when first needed. Not
 * thread-safe.
 */
final class PageSet {
  private static final int CHUNK_PAGES = 1 << 20;

  private final long limit;
  private final long[][] chunks;
  private long size;

  /**
   * @param limit largest page number that can be added
   */
  PageSet(long limit) {
    this.limit = limit;
    this.chunks = new long[(int) (limit / CHUNK_PAGES) + 1][];
  }

  /** Adds a page; false when it was there. */
  boolean add(long pgno) {
    int chunk = (int) (pgno / CHUNK_PAGES);
    if (chunks[chunk] == null) {
      chunks[chunk] = new long[CHUNK_PAGES / Long.SIZE];
    }
    int word = (int) (pgno % CHUNK_PAGES) / Long.SIZE;
    long mask = 1L << pgno;
    boolean absent = (chunks[chunk][word] & mask) == 0;
    chunks[chunk][word] |= mask;
    size += absent ? 1 : 0;
    return absent;
  }

  boolean contains(long pgno) {
    return (word(pgno) & 1L << pgno) != 0;
  }

  long size() {
    return size;
  }

  /** The first page from {@code pgno} on that is not in the set; beyond the limit if all are. */
  long nextAbsent(long pgno) {
    long at = pgno;
    while (at <= limit && contains(at)) {
      at += at % Long.SIZE == 0 && word(at) == -1L ? Long.SIZE : 1;
    }
    return at;
  }

  /** Visits the pages in order. */
  void forEach(PageVisitor visitor) throws IOException {
    for (int chunk = 0; chunk < chunks.length; chunk++) {
      long base = (long) chunk * CHUNK_PAGES;
      for (int word = 0; chunks[chunk] != null && word < CHUNK_PAGES / Long.SIZE; word++) {
        for (long bits = chunks[chunk][word]; bits != 0; bits &= bits - 1) {
          visitor.visit(base + (long) word * Long.SIZE + Long.numberOfTrailingZeros(bits));
        }
      }
    }
  }

  /** Takes page numbers. */
  @FunctionalInterface
  interface PageVisitor {
    void visit(long pgno) throws IOException;
  }

  private long word(long pgno) {
    long[] chunk = chunks[(int) (pgno / CHUNK_PAGES)];
    return chunk == null ? 0 : chunk[(int) (pgno % CHUNK_PAGES) / Long.SIZE];
  }
}
