package dev.tidewal.replica;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Reads a stream one block ahead in a virtual thread, so that whoever reads from here can be
 * interrupted while the socket is silent (see {@link Abandonable}), and decodes while bytes arrive.
 */
final class ReadAhead implements AutoCloseable {
  private static final int BLOCK_BYTES = 64 * 1024;

  private sealed interface Item {
    record Bytes(ByteBuffer block) implements Item {}

    record End() implements Item {}

    record Broken(IOException failure) implements Item {}
  }

  /** Two blocks, and what comes after them. */
  private final BlockingQueue<Item> filled = new ArrayBlockingQueue<>(3);

  private final BlockingQueue<ByteBuffer> empty = new ArrayBlockingQueue<>(2);
  private final Thread thread;
  private volatile boolean ended;
  private Item current = new Item.Bytes(ByteBuffer.allocate(0));

  /**
   * @param body is closed by the reading thread
   * @param expectedBytes how many there will be, {@link Long#MAX_VALUE} where nobody said
   */
  ReadAhead(InputStream body, long expectedBytes) {
    int blockBytes = Math.clamp(expectedBytes, 1, BLOCK_BYTES);
    empty.add(ByteBuffer.allocate(blockBytes));
    empty.add(ByteBuffer.allocate(blockBytes));
    this.thread = Thread.ofVirtual().name("tidewal-s3-body").start(() -> pump(body, expectedBytes));
  }

  /** As {@link InputStream#read(byte[], int, int)}, {@code length} not 0. */
  int read(byte[] bytes, int offset, int length) throws IOException, InterruptedException {
    while (true) {
      switch (current) {
        case Item.End() -> {
          return -1;
        }
        case Item.Broken broken -> throw new IOException(broken.failure());
        case Item.Bytes(ByteBuffer block) when block.hasRemaining() -> {
          int count = Math.min(length, block.remaining());
          block.get(bytes, offset, count);
          return count;
        }
        case Item.Bytes(ByteBuffer used) -> {
          boolean _ = used.capacity() > 0 && empty.offer(used);
          current = filled.take();
        }
      }
    }
  }

  /** Lets a connection go on to the next request when its body has been read to the end. */
  @Override
  public void close() {
    if (!ended) {
      thread.interrupt();
    }
  }

  private void pump(InputStream body, long expectedBytes) {
    try (body) {
      @Nullable Item after = null;
      for (long left = expectedBytes; after == null; ) {
        ByteBuffer block = empty.take().clear();
        after = fill(body, block, left);
        left -= block.position();
        ended = after != null;
        filled.put(new Item.Bytes(block.flip()));
      }
      filled.put(after);
    } catch (IOException | SdkException e) {
      // Closing failed; what was read is with the reader.
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /** Fills a block, and answers what comes after it; null where more bytes may come. */
  private static @Nullable Item fill(InputStream body, ByteBuffer block, long left) {
    try {
      while (block.hasRemaining() && block.position() < left) {
        int count =
            body.read(block.array(), block.arrayOffset() + block.position(), block.remaining());
        if (count < 0) {
          return new Item.End();
        }
        block.position(block.position() + count);
      }
      // Seeing the end frees the connection before the reader has the last bytes.
      return block.position() == left && body.read() < 0 ? new Item.End() : null;
    } catch (IOException e) {
      return new Item.Broken(e);
    } catch (RuntimeException e) {
      return new Item.Broken(new IOException(e));
    }
  }
}
