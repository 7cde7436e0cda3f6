package dev.tidewal.ltx;

import dev.tidewal.core.TidewalException.Corrupt;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** A stream with a window that a whole page frame fits into, and the position in the file. */
final class LtxInput implements Closeable {
  /** Small, as a merge has hundreds of inputs; grows to the largest frame. */
  private static final int BUFFER_BYTES = 32 * 1024;

  private final InputStream in;
  private final String name;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int limit;
  private long consumed;

  /**
   * @param position where in the file the stream starts
   */
  LtxInput(InputStream in, String name, long position) {
    this.in = in;
    this.name = name;
    this.consumed = position;
  }

  /** Bytes from {@link #at}, {@link #available} of them valid. */
  byte[] bytes() {
    return buffer;
  }

  int at() {
    return at;
  }

  int available() {
    return limit - at;
  }

  /** Position in the file of the byte at {@link #at}. */
  long position() {
    return consumed;
  }

  void advance(int length) {
    at += length;
    consumed += length;
  }

  /** Makes {@code length} bytes available, or fails with the name of the field they belong to. */
  void require(int length, String field) throws IOException {
    if (fill(length) < length) {
      throw new Corrupt(name + ": truncated in " + field + ", at byte " + (consumed + available()));
    }
  }

  /** Makes {@code length} bytes available or all that is left, and says how many are. */
  int fill(int length) throws IOException {
    if (available() >= length) {
      return available();
    }
    if (buffer.length - at < length) {
      byte[] target = length > buffer.length ? new byte[length] : buffer;
      System.arraycopy(buffer, at, target, 0, available());
      buffer = target;
      limit -= at;
      at = 0;
    }
    while (available() < length) {
      int read = in.read(buffer, limit, buffer.length - limit);
      if (read < 0) {
        break;
      }
      limit += read;
    }
    return available();
  }

  /** Whether nothing is left. */
  boolean atEnd() throws IOException {
    return fill(1) == 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
