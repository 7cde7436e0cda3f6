package dev.tidewal.ltx;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects the page index while frames are written, at most 256 KiB in memory; what is more goes to
 * a temporary file.
 */
final class PageIndexWriter implements Closeable {
  static final int MAX_HEAP_BYTES = 256 * 1024;
  private static final int START_BYTES = 1024;

  private final Path scratch;
  private byte[] buffer = new byte[START_BYTES];
  private int filled;
  private long spilledBytes;
  private long crc = Crc64.EMPTY;
  private @Nullable FileChannel spill;

  PageIndexWriter(Path scratch) {
    this.scratch = scratch;
  }

  void add(long pgno, long offset, long length) throws IOException {
    if (buffer.length - filled < 3 * Varint.MAX_BYTES) {
      makeRoom();
    }
    filled = Varint.write(pgno, buffer, filled);
    filled = Varint.write(offset, buffer, filled);
    filled = Varint.write(length, buffer, filled);
  }

  /**
   * Writes the index, its zero byte and its length, and returns the CRC of all that went before
   * joined with the CRC of these bytes.
   */
  long finish(OutputStream out, long crcBefore) throws IOException {
    if (buffer.length - filled < 1 + Long.BYTES) {
      makeRoom();
    }
    buffer[filled++] = 0;
    long indexBytes = sizeBytes();
    ByteBuffer.wrap(buffer).putLong(filled, indexBytes);
    filled += Long.BYTES;
    crc = Crc64.update(crc, buffer, 0, filled);
    if (spill != null) {
      spill.position(0);
      Channels.newInputStream(spill).transferTo(out);
    }
    out.write(buffer, 0, filled);
    return Crc64.combine(crcBefore, crc, sizeBytes());
  }

  /** Bytes collected so far. */
  long sizeBytes() {
    return spilledBytes + filled;
  }

  private void makeRoom() throws IOException {
    if (buffer.length < MAX_HEAP_BYTES) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
      return;
    }
    if (spill == null) {
      spill = openSpill();
    }
    crc = Crc64.update(crc, buffer, 0, filled);
    ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, filled);
    while (bytes.hasRemaining()) {
      spill.write(bytes);
    }
    spilledBytes += filled;
    filled = 0;
  }

  /** Unlinked as soon as it is open, so that a crash leaves nothing behind. */
  private FileChannel openSpill() throws IOException {
    Path file = Files.createTempFile(scratch, "index-", ".tmp");
    try {
      return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } finally {
      Files.delete(file);
    }
  }

  @Override
  public void close() throws IOException {
    if (spill != null) {
      spill.close();
    }
  }
}
