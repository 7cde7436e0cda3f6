package dev.tidewal.restore;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.TidewalException.NotFound;
import dev.tidewal.replica.ObjectInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Threads with buffers of their own that decode chunks; handing one out waits until a thread is
 * free, so that nothing piles up.
 *
 * <p>After a failure no more work is taken and what runs ends by itself. Threads are interrupted
 * only when the caller is: an interrupt closes the output's channel.
 */
final class ChunkWorkers implements AutoCloseable {
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  private final ExecutorService threads;
  private final int count;
  private final BlockingDeque<Buffers> idle = new LinkedBlockingDeque<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /** Buffers of one thread, made when first used. */
  static final class Buffers {
    private byte[] input = new byte[0];
    private @Nullable ByteBuffer output;

    byte[] input(int length) {
      if (input.length < length) {
        input = new byte[length];
      }
      return input;
    }

    ByteBuffer output() {
      if (output == null) {
        output = ByteBuffer.allocateDirect(PageRuns.BUFFER_BYTES);
      }
      return output;
    }
  }

  /** Decodes one chunk. */
  @FunctionalInterface
  interface Task {
    void run(Buffers buffers) throws IOException;
  }

  ChunkWorkers(int count) {
    this.count = count;
    this.threads =
        Executors.newFixedThreadPool(
            count, Thread.ofPlatform().daemon().name("restore-", 1).factory());
    for (int i = 0; i < count; i++) {
      idle.add(new Buffers());
    }
  }

  /** Waits for a thread and hands the task to it. */
  void submit(ObjectInfo object, Task task) throws IOException, BrokenObject, InterruptedException {
    Buffers buffers = idle.takeLast();
    if (failure.get() != null) {
      idle.putLast(buffers);
      rethrow();
    }
    threads.execute(() -> {
      try {
        task.run(buffers);
      } catch (Corrupt | NotFound e) {
        failure.compareAndSet(null, new BrokenObject(object.name(), e));
      } catch (Throwable e) {
        failure.compareAndSet(null, e);
      } finally {
        idle.addLast(buffers);
      }
    });
  }

  /** Waits until all tasks have ended, and throws the first failure. */
  void drain() throws IOException, BrokenObject, InterruptedException {
    for (int i = 0; i < count; i++) {
      idle.takeLast();
    }
    rethrow();
  }

  private void rethrow() throws IOException, BrokenObject {
    switch (failure.get()) {
      case null -> {}
      case BrokenObject broken -> throw broken;
      case IOException local -> throw local;
      case TidewalException other -> throw other;
      case RuntimeException bug -> throw bug;
      case Error error -> throw error;
      case Throwable other -> throw new IllegalStateException(other);
    }
  }

  /** Lets running tasks end; after an interrupt of the caller they are interrupted too. */
  @Override
  public void close() {
    if (Thread.currentThread().isInterrupted()) {
      threads.shutdownNow();
    } else {
      threads.shutdown();
    }
    boolean interrupted = Thread.interrupted();
    try {
      while (!threads.awaitTermination(LAST_WORDS.toSeconds(), TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
