package dev.tidewal.ltx;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Streams one LTX file: the header at construction, pages in ascending order, then index and
 * trailer.
 *
 * <p>Pages are LZ4 blocks (page flag 1, Litestream 0.5.16 and newer). The index is spilled to a
 * temporary file in the scratch directory when it outgrows its buffer. Not thread-safe. Does not
 * close the output.
 */
public final class LtxWriter implements Closeable {
  public LtxWriter(OutputStream out, LtxHeader header, Path scratch) throws IOException {
    throw new UnsupportedOperationException("ltx");
  }

  /**
   * Appends a page.
   *
   * @param pgno ascending, at most the header's commit, not the lock page
   * @param page holds {@code pageSize} bytes at {@code offset}
   */
  public void page(long pgno, byte[] page, int offset) throws IOException {
    throw new UnsupportedOperationException("ltx");
  }

  /** Writes index and trailer and flushes. A snapshot must be complete by now. */
  public LtxSummary finish() throws IOException {
    throw new UnsupportedOperationException("ltx");
  }

  /** Frees buffers and the spilled index; {@link #finish} or not. */
  @Override
  public void close() throws IOException {}
}
