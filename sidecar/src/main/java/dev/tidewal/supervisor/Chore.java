package dev.tidewal.supervisor;

import dev.tidewal.core.TidewalException;
import dev.tidewal.replica.ObjectInfo;
import java.io.Closeable;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Something that is done for a replica now and then: runs when it is due, one run at a time, and
 * tells when it wants to run again.
 */
abstract class Chore implements Closeable {
  private static final Logger LOG = System.getLogger(Chore.class.getName());

  /** Longer than a process lives: not before {@link #acknowledged}. */
  static final Duration NEVER = Duration.ofDays(3650);

  /** A wait is looked at again so often, since the store's clock may have gone another way. */
  private static final Duration LONGEST_NAP = Duration.ofHours(1);

  /** A run notices an interrupt within a second, unless a file system hangs. */
  private static final Duration LONGEST_END = Duration.ofSeconds(10);

  private final String name;
  private @Nullable Chores chores;
  private @Nullable Future<?> waiting;
  private long waitingUntilNanos;
  private @Nullable Thread running;
  private boolean closed;

  /**
   * @param name for logs
   */
  Chore(String name) {
    this.name = name;
  }

  /** Does what is due. */
  abstract void run();

  /**
   * How long nothing needs to be done; {@link #NEVER} or more, not before {@link #acknowledged}.
   */
  abstract Duration untilNext();

  /** The first destination acknowledged an object. */
  abstract void acknowledged(ObjectInfo object);

  final synchronized void start(Chores on) {
    chores = on;
    schedule();
  }

  /** {@link #untilNext} may have changed. */
  final synchronized void schedule() {
    Chores on = chores;
    if (closed || on == null || running != null) {
      return; // the end of a run schedules the next one
    }
    Optional<Duration> nap = nap(untilNext());
    long untilNanos = System.nanoTime() + nap.orElse(Duration.ZERO).toNanos();
    if (waiting != null && nap.isPresent() && untilNanos - waitingUntilNanos >= 0) {
      return; // it looks again when it wakes, so that a batch each 100 ms starts no timer each time
    }
    if (waiting != null) {
      waiting.cancel(false);
      waiting = null;
    }
    if (nap.isPresent()) {
      waiting = on.after(nap.get(), this::due);
      waitingUntilNanos = untilNanos;
    }
  }

  /** How long to sleep at once; empty when nothing is to come. */
  static Optional<Duration> nap(Duration wait) {
    if (wait.compareTo(NEVER) >= 0) {
      return Optional.empty();
    }
    return Optional.of(wait.compareTo(LONGEST_NAP) > 0 ? LONGEST_NAP : roundedUp(wait));
  }

  private static Duration roundedUp(Duration wait) {
    return wait.isPositive() ? wait.plusMillis(1) : Duration.ZERO;
  }

  private synchronized void due() {
    waiting = null;
    if (untilNext().isPositive()) {
      schedule();
    } else if (!closed && running == null && chores != null) {
      running = chores.run(this::work);
    }
  }

  private void work() {
    try {
      run();
    } catch (TidewalException.Cancelled e) {
      LOG.log(Level.DEBUG, "{0}: {1}", name, e.getMessage());
    } catch (TidewalException.Fenced e) {
      LOG.log(Level.INFO, "{0}: {1}", name, e.getMessage());
    } catch (TidewalException | UncheckedIOException e) {
      LOG.log(Level.WARNING, "{0}: {1}; trying again later", name, e.getMessage());
    } catch (RuntimeException | Error e) { // also for want of memory
      LOG.log(Level.ERROR, name + ": a defect; trying again later", e);
    } finally {
      ended();
    }
  }

  private synchronized void ended() {
    running = null;
    schedule();
  }

  /** Nothing is written any more when this returns: a run that is under way is interrupted. */
  @Override
  public void close() {
    Thread current;
    synchronized (this) {
      closed = true;
      if (waiting != null) {
        waiting.cancel(false);
      }
      current = running;
    }
    if (current != null) {
      current.interrupt();
      awaitEnd(current);
    }
  }

  private void awaitEnd(Thread run) {
    try {
      if (!run.join(LONGEST_END)) {
        LOG.log(Level.WARNING, "{0}: does not end", name);
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }
}
