package dev.tidewal.database;

import java.io.IOException;

/** Takes the pages of a capture in ascending order. */
@FunctionalInterface
public interface PageSink {
  /**
   * One page.
   *
   * @param pgno page number, from 1 on
   * @param page holds the page at {@code offset}; valid only during the call
   */
  void page(long pgno, byte[] page, int offset) throws IOException;
}
