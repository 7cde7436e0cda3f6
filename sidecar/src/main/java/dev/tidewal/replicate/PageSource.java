package dev.tidewal.replicate;

import java.io.IOException;

/**
 * The pages of one future object, readable as often as needed until its owner lets go of it.
 *
 * <p>A live capture, a copy in memory, or a spool file.
 */
interface PageSource {
  /** Bytes of a page. */
  int pageSize();

  /** Database size in pages after the object is applied. */
  long commit();

  /** How many pages {@link #pages} gives. */
  long pageCount();

  /**
   * Gives every page in ascending order; safe to call from another thread than the one that made
   * this.
   */
  void pages(Sink sink) throws IOException;

  /** Takes one page: {@code pageSize} bytes from {@code offset}, valid during the call. */
  @FunctionalInterface
  interface Sink {
    void page(long pgno, byte[] bytes, int offset) throws IOException;
  }

  /** Upper bound of the size of an LTX file with these pages. */
  default long maxLtxBytes() {
    long frame = 10L + pageSize() + pageSize() / 255 + 16 + 13;
    return 256 + pageCount() * frame;
  }
}
