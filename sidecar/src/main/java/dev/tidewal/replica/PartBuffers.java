package dev.tidewal.replica;

import dev.tidewal.core.ByteSize;
import dev.tidewal.core.TidewalException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The memory in which objects wait for their upload, for all databases of the process together.
 *
 * <p>A buffer grows by chunks of 256 KiB outside the heap, some of which are reused. What all
 * buffers may become at most is reserved when they are handed out, in the order of asking; who
 * comes when all is reserved waits. Small buffers have a quarter for themselves, so that a slow
 * upload of a snapshot doesn't hold up the commits of other databases. A single part larger than
 * everything (databases over some hundred GB) gets all of it, and more.
 *
 * <p>Safe for use by many threads.
 */
public final class PartBuffers implements AutoCloseable {
  private static final int SMALL_CHUNKS = 4;

  /** Enough for a steady flow of commits; all others go back to the system when they were sent. */
  private static final int IDLE_CHUNKS = 8;

  private final Lane small;
  private final Lane large;
  private final ConcurrentLinkedDeque<PartChunk> idle = new ConcurrentLinkedDeque<>();
  private final AtomicInteger idleCount = new AtomicInteger();

  /**
   * @param budget in all; at least 8 MiB
   */
  public PartBuffers(ByteSize budget) {
    int chunks = Math.toIntExact(Math.min(budget.bytes() / PartChunk.BYTES, Integer.MAX_VALUE));
    if (chunks < 32) {
      throw new IllegalArgumentException("is less than 8MiB: " + budget);
    }
    this.small = new Lane(chunks / 4);
    this.large = new Lane(chunks - chunks / 4);
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
    int chunks = Math.toIntExact(Math.ceilDiv(Math.max(1, expectedBytes), PartChunk.BYTES));
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

  PartChunk takeChunk() {
    PartChunk chunk = idle.pollLast();
    if (chunk == null) {
      return new PartChunk();
    }
    idleCount.decrementAndGet();
    return chunk;
  }

  void giveBack(PartChunk chunk) {
    if (idleCount.incrementAndGet() > IDLE_CHUNKS) {
      idleCount.decrementAndGet();
      chunk.close();
    } else {
      idle.addLast(chunk);
    }
  }

  /** Frees what nobody uses; buffers that are still out free theirs when they are closed. */
  @Override
  public void close() {
    for (PartChunk chunk = idle.pollLast(); chunk != null; chunk = idle.pollLast()) {
      idleCount.decrementAndGet();
      chunk.close();
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
