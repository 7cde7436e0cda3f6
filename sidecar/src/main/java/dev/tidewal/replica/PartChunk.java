package dev.tidewal.replica;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;

/**
 * A piece of the memory of {@link PartBuffers}. It lies outside the heap: the megabytes of an
 * upload would otherwise outlive a collection, fill the old generation, and stay with the process.
 *
 * <p>Who owns it closes it; what still reads it then fails.
 */
final class PartChunk implements AutoCloseable {
  static final int BYTES = 256 * 1024;

  private final Arena arena = Arena.ofShared();
  private final ByteBuffer memory = arena.allocate(BYTES).asByteBuffer();

  void put(int position, byte[] bytes, int offset, int length) {
    memory.put(position, bytes, offset, length);
  }

  void get(int position, byte[] bytes, int offset, int length) {
    memory.get(position, bytes, offset, length);
  }

  @Override
  public void close() {
    arena.close();
  }
}
