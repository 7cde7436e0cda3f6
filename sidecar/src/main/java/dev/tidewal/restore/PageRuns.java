package dev.tidewal.restore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Writes pages to their places, neighbours in one write. Belongs to one thread; any number of them
 * may write to one channel.
 */
final class PageRuns {
  /** Beyond this a write gains nothing. */
  static final int BUFFER_BYTES = 512 * 1024;

  private final FileChannel channel;
  private final int pageSize;
  private final ByteBuffer buffer;
  private long start;

  /**
   * @param buffer direct, of {@link #BUFFER_BYTES}
   */
  PageRuns(FileChannel channel, int pageSize, ByteBuffer buffer) {
    this.channel = channel;
    this.pageSize = pageSize;
    this.buffer = buffer.clear();
  }

  void write(long pgno, byte[] page) throws IOException {
    long at = (pgno - 1) * pageSize;
    if (at != start + buffer.position() || buffer.remaining() < pageSize) {
      flush();
      start = at;
    }
    buffer.put(page, 0, pageSize);
  }

  void flush() throws IOException {
    buffer.flip();
    for (long at = start; buffer.hasRemaining(); ) {
      at += channel.write(buffer, at);
    }
    buffer.clear();
  }
}
