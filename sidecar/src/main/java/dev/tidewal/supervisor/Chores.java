package dev.tidewal.supervisor;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Runs the chores of all databases: any number may wait, and only a few run at once, since each
 * needs buffers and a core. Thread-safe.
 */
final class Chores implements Closeable {
  private static final int AT_ONCE = 2;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("chore-timer").factory());
  private final Semaphore places = new Semaphore(AT_ONCE, true);

  /** Starts {@code work} after a delay. */
  ScheduledFuture<?> after(Duration delay, Runnable work) {
    return timer.schedule(work, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Runs {@code work} as soon as there is a place. An interrupt of the thread ends it, or keeps it
   * from beginning.
   */
  Thread run(Runnable work) {
    return Thread.ofVirtual()
        .name("chore")
        .start(() -> {
          try {
            places.acquire();
          } catch (InterruptedException closed) {
            return;
          }
          try {
            work.run();
          } finally {
            places.release();
          }
        });
  }

  /** No chore begins any more; those that run are ended by whoever closes them. */
  @Override
  public void close() {
    timer.shutdownNow();
  }
}
