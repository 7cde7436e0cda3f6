package dev.tidewal.ltx;

import dev.tidewal.core.TidewalException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads an LTX file as a stream, either page encoding, and verifies everything that the format can
 * verify.
 *
 * <p>Use: {@code while (reader.next()) use(reader.pgno(), reader.page());} then {@link #finish}.
 * Nothing that was read counts as good before {@code finish} returned. Every defect is {@link
 * TidewalException.Corrupt} and names the object and the field. Buffers are bounded by the page
 * size. Not thread-safe. Closes its input.
 */
public final class LtxReader implements Closeable {
  /**
   * @param name what errors call the file, for example its key
   */
  public LtxReader(InputStream in, String name) throws IOException {
    throw new UnsupportedOperationException("ltx");
  }

  public LtxHeader header() {
    throw new UnsupportedOperationException("ltx");
  }

  /** Moves to the next page; false after the last one. */
  public boolean next() throws IOException {
    throw new UnsupportedOperationException("ltx");
  }

  /** Number of the current page. */
  public long pgno() {
    throw new UnsupportedOperationException("ltx");
  }

  /** The current page, {@code pageSize} bytes from index 0; overwritten by {@link #next}. */
  public byte[] page() {
    throw new UnsupportedOperationException("ltx");
  }

  /**
   * Reads index and trailer, verifies order, index, FileChecksum and (where tracked) rolling
   * checksum.
   */
  public LtxSummary finish() throws IOException {
    throw new UnsupportedOperationException("ltx");
  }

  @Override
  public void close() throws IOException {}
}
