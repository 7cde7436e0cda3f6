package dev.tidewal.replica;

import dev.tidewal.core.TidewalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** A range of a file as a stream. Its errors are those of {@link ReplicaClient}. */
final class FileRangeStream extends InputStream {
  private final Path path;
  private final FileChannel channel;
  private long remaining;

  private FileRangeStream(Path path, FileChannel channel, long remaining) {
    this.path = path;
    this.channel = channel;
    this.remaining = remaining;
  }

  /** Opens {@code size} bytes from {@code offset} on; size 0 = to the end. */
  static FileRangeStream open(Path path, long offset, long size) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      long fileSize = channel.size();
      if (offset > 0 && offset >= fileSize) {
        throw new TidewalException.Corrupt(
            "open "
                + path
                + ": offset "
                + offset
                + " lies beyond its end at "
                + fileSize
                + "; the object is shorter than recorded");
      }
      channel.position(offset);
      long left = fileSize - offset;
      return new FileRangeStream(path, channel, size == 0 ? left : Math.min(size, left));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    if (remaining == 0) {
      return -1;
    }
    int wanted = (int) Math.min(length, remaining);
    int count =
        FileFailures.mapped(
            "read", path, () -> channel.read(ByteBuffer.wrap(bytes, offset, wanted)));
    if (count < 0) {
      throw new TidewalException.Corrupt(
          "read " + path + ": the file was truncated while it was read");
    }
    remaining -= count;
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = Math.clamp(count, 0, remaining);
    channel.position(channel.position() + skipped);
    remaining -= skipped;
    return skipped;
  }

  @Override
  public int available() {
    return (int) Math.min(remaining, Integer.MAX_VALUE);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
