package dev.tidewal.supervisor;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs the chores of all databases: any number may wait, and only a few run at once, since each
 * needs buffers and a core. Thread-safe.
 *
 * <p>Those of other destinations have places of their own: while a store does not answer, each of
 * its chores holds one for as long as it tries.
 */
final class Chores implements Closeable {
  private static final int AT_ONCE = 2;

  private final ScheduledExecutorService timer;
  private final Semaphore places = new Semaphore(AT_ONCE, true);

  private final @Nullable Chores others;

  Chores() {
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("chore-timer").factory());
    this.others = new Chores(timer);
  }

  private Chores(ScheduledExecutorService timer) {
    this.timer = timer;
    this.others = null;
  }

  /** Where chores of destinations after the first one run. */
  Chores others() {
    return others == null ? this : others;
  }

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
