package dev.tidewal.replicate;

/** Some consecutive pages of a source, copied so that another thread can work on them. */
final class PageChunk {
  /** Large enough to be worth handing over, small enough for the second-level cache. */
  static final int BYTES = 256 * 1024;

  private final int pageSize;
  private final byte[] bytes;
  private final long[] pgnos;
  private int pages;

  PageChunk(int pageSize) {
    this.pageSize = pageSize;
    this.pgnos = new long[Math.max(1, BYTES / pageSize)];
    this.bytes = new byte[pgnos.length * pageSize];
  }

  void add(long pgno, byte[] page, int offset) {
    System.arraycopy(page, offset, bytes, pages * pageSize, pageSize);
    pgnos[pages++] = pgno;
  }

  boolean isFull() {
    return pages == pgnos.length;
  }

  boolean isEmpty() {
    return pages == 0;
  }

  void clear() {
    pages = 0;
  }

  int capacity() {
    return pgnos.length;
  }

  int pages() {
    return pages;
  }

  long pgno(int index) {
    return pgnos[index];
  }

  byte[] bytes() {
    return bytes;
  }

  int offset(int index) {
    return index * pageSize;
  }
}
