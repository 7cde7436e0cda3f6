package dev.tidewal.ltx;

import java.io.IOException;

/** Takes decoded pages. They are not to be trusted before the whole file was verified. */
@FunctionalInterface
public interface PageConsumer {
  /**
   * Takes one page.
   *
   * @param page {@code pageSize} bytes from index 0, overwritten after the call
   * @param checksum the page's {@link PageChecksum}
   */
  void page(long pgno, byte[] page, long checksum) throws IOException;
}
