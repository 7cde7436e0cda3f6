package dev.tidewal.replicate;

import dev.tidewal.core.TidewalException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Works on the pages of one large source with all cores: the caller's thread reads pages and takes
 * results in their order, and virtual threads work on the chunks in between.
 *
 * <p>Buffers are bounded for the whole process: beyond the first chunk of each pipeline, chunks
 * come out of a common stock, and who gets none waits for its own oldest result. Not thread-safe.
 *
 * @param <R> what the work makes of a chunk, kept and used again with it
 */
final class ChunkPipeline<R> implements PageSource.Sink, Closeable {
  private static final int CORES = Runtime.getRuntime().availableProcessors();
  private static final int MOST_OF_ONE = 2 * CORES;
  private static final Semaphore STOCK = new Semaphore(2 * MOST_OF_ONE);
  private static final Executor WORKERS = task -> Thread.ofVirtual().name("page-chunk").start(task);

  private final int pageSize;
  private final Function<PageChunk, R> preparation;
  private final Work<R> work;
  private final Taker<R> taker;
  private final Deque<CompletableFuture<Place<R>>> inFlight = new ArrayDeque<>();
  private final Deque<Place<R>> free = new ArrayDeque<>();
  private Place<R> current;
  private int borrowed;

  /** What is done with a chunk, on any thread. */
  interface Work<R> {
    void on(PageChunk chunk, R result);
  }

  /** Takes results in the order of their pages, on the caller's thread. */
  interface Taker<R> {
    void take(PageChunk chunk, R result) throws IOException;
  }

  private record Place<R>(PageChunk chunk, R result) {}

  /**
   * @param preparation makes the place for the result of a chunk, once for each buffer
   */
  ChunkPipeline(int pageSize, Function<PageChunk, R> preparation, Work<R> work, Taker<R> taker) {
    this.pageSize = pageSize;
    this.preparation = preparation;
    this.work = work;
    this.taker = taker;
    this.current = place();
  }

  @Override
  public void page(long pgno, byte[] bytes, int offset) throws IOException {
    current.chunk.add(pgno, bytes, offset);
    if (current.chunk.isFull()) {
      start();
      current = nextPlace();
    }
  }

  /** Takes what is still on its way. */
  void finish() throws IOException {
    if (!current.chunk.isEmpty()) {
      start();
    }
    while (!inFlight.isEmpty()) {
      takeOldest();
    }
  }

  private void start() {
    Place<R> full = current;
    inFlight.add(
        CompletableFuture.supplyAsync(
            () -> {
              work.on(full.chunk, full.result);
              return full;
            },
            WORKERS));
  }

  private Place<R> nextPlace() throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new TidewalException.Cancelled("interrupted while pages were read");
    }
    if (free.isEmpty() && borrowed < MOST_OF_ONE && STOCK.tryAcquire()) {
      borrowed++;
      return place();
    }
    do {
      takeOldest();
    } while (!inFlight.isEmpty() && inFlight.getFirst().isDone());
    return free.pop();
  }

  private void takeOldest() throws IOException {
    Place<R> oldest;
    try {
      oldest = inFlight.remove().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
    taker.take(oldest.chunk, oldest.result);
    oldest.chunk.clear();
    free.push(oldest);
  }

  private Place<R> place() {
    PageChunk chunk = new PageChunk(pageSize);
    return new Place<>(chunk, preparation.apply(chunk));
  }

  /** Gives the buffers back when nobody works on them any more. */
  @Override
  public void close() {
    for (CompletableFuture<Place<R>> working : inFlight) {
      boolean _ = working.handle((place, failure) -> true).join();
    }
    STOCK.release(borrowed);
    borrowed = 0;
  }
}
