package dev.tidewal.replica;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The bytes of one part, or of a whole object, of {@link PartBuffers}. Filled by one thread, then
 * read by others through streams of its own; a stream that an abandoned request still holds ends
 * when the buffer is closed.
 */
final class PartBuffer implements AutoCloseable {
  private final PartBuffers pool;
  private final long capacity;
  private final Runnable release;
  private final List<PartChunk> chunks = new ArrayList<>();
  private long size;
  private boolean closed;

  PartBuffer(PartBuffers pool, long capacity, Runnable release) {
    this.pool = pool;
    this.capacity = capacity;
    this.release = release;
  }

  long size() {
    return size;
  }

  boolean isFull() {
    return size == capacity;
  }

  /** Takes what fits, and tells how much that was. */
  int write(byte[] bytes, int offset, int length) {
    int taken = (int) Math.min(length, capacity - size);
    int done = 0;
    while (done < taken) {
      int inChunk = (int) (size % PartChunk.BYTES);
      if (inChunk == 0) {
        chunks.add(pool.takeChunk());
      }
      int count = Math.min(taken - done, PartChunk.BYTES - inChunk);
      chunks.getLast().put(inChunk, bytes, offset + done, count);
      size += count;
      done += count;
    }
    return taken;
  }

  /** The bytes from the beginning; any number of streams. */
  InputStream read() {
    return new Reader();
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      chunks.forEach(pool::giveBack);
      chunks.clear();
      release.run();
    }
  }

  private synchronized int copy(long position, byte[] bytes, int offset, int length)
      throws IOException {
    if (closed) {
      throw new IOException("the upload was given up");
    }
    if (position == size) {
      return -1;
    }
    int inChunk = (int) (position % PartChunk.BYTES);
    int count = (int) Math.min(Math.min(length, PartChunk.BYTES - inChunk), size - position);
    chunks.get((int) (position / PartChunk.BYTES)).get(inChunk, bytes, offset, count);
    return count;
  }

  private final class Reader extends InputStream {
    private long position;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      if (length == 0) {
        return 0;
      }
      int count = copy(position, bytes, offset, length);
      position += Math.max(count, 0);
      return count;
    }

    @Override
    public int available() {
      return (int) Math.min(size - position, Integer.MAX_VALUE);
    }
  }
}
