package dev.tidewal.replica;

import dev.tidewal.core.ByteSize;
import dev.tidewal.core.TidewalException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The memory in which objects wait for their upload, for all databases of the process together.
 *
 * <p>A buffer grows by chunks of 256 KiB, which are reused. What all buffers may become at most is
 * reserved when they are handed out, in the order of asking; who comes when all is reserved waits.
 * Small buffers have a quarter for themselves, so that a slow upload of a snapshot doesn't hold up
 * the commits of other databases. A single part larger than everything (databases over some hundred
 * GB) gets all of it, and more.
 *
 * <p>Safe for use by many threads.
 */
public final class PartBuffers {
  static final int CHUNK_BYTES = 256 * 1024;
  private static final int SMALL_CHUNKS = 4;

  private final Lane small;
  private final Lane large;
  private final ConcurrentLinkedDeque<byte[]> idle = new ConcurrentLinkedDeque<>();
  private final AtomicInteger idleCount = new AtomicInteger();
  private final int idleLimit;

  /**
   * @param budget in all; at least 8 MiB
   */
  public PartBuffers(ByteSize budget) {
    int chunks = Math.toIntExact(Math.min(budget.bytes() / CHUNK_BYTES, Integer.MAX_VALUE));
    if (chunks < 32) {
      throw new IllegalArgumentException("is less than 8MiB: " + budget);
    }
    this.small = new Lane(chunks / 4);
    this.large = new Lane(chunks - chunks / 4);
    // Enough for a steady flow of commits; the rest goes back to the heap after a snapshot.
    this.idleLimit = Math.min(chunks, 32);
  }

  /**
   * A buffer; waits until there is room for it.
   *
   * @param expectedBytes what is reserved
   * @param capacityBytes what it takes; more than was reserved only where somebody announced less
   *     than there was
   * @throws TidewalException.Cancelled when the thread is interrupted
   */
  PartBuffer acquire(long expectedBytes, long capacityBytes) {
    int chunks = Math.toIntExact(Math.ceilDiv(Math.max(1, expectedBytes), CHUNK_BYTES));
    Lane lane = chunks <= SMALL_CHUNKS ? small : large;
    int reserved = Math.min(chunks, lane.size);
    try {
      lane.free.acquire(reserved);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TidewalException.Cancelled("interrupted while waiting for an upload buffer", e);
    }
    return new PartBuffer(this, capacityBytes, () -> lane.free.release(reserved));
  }

  byte[] takeChunk() {
    byte[] chunk = idle.pollLast();
    if (chunk == null) {
      return new byte[CHUNK_BYTES];
    }
    idleCount.decrementAndGet();
    return chunk;
  }

  void giveBack(byte[] chunk) {
    if (idleCount.incrementAndGet() > idleLimit) {
      idleCount.decrementAndGet();
    } else {
      idle.addLast(chunk);
    }
  }

  private static final class Lane {
    private final int size;
    private final Semaphore free;

    private Lane(int size) {
      this.size = size;
      this.free = new Semaphore(size, true);
    }
  }
}
