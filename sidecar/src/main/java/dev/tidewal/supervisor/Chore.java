package dev.tidewal.supervisor;

import dev.tidewal.core.TidewalException;
import dev.tidewal.replica.ObjectInfo;
import java.io.Closeable;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Something that is done for a replica now and then: runs when it is due, one run at a time, and
 * tells when it wants to run again.
 */
abstract class Chore implements Closeable {
  private static final Logger LOG = System.getLogger(Chore.class.getName());
  private static final Duration LONGEST_SLEEP = Duration.ofHours(1);

  private final String name;
  private @Nullable Chores chores;
  private @Nullable Future<?> waiting;
  private @Nullable Future<?> running;
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
   * How long nothing needs to be done; more than an hour means not before {@link #acknowledged}.
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
    if (closed || chores == null || running != null) {
      return; // the end of a run schedules the next one
    }
    if (waiting != null) {
      waiting.cancel(false);
      waiting = null;
    }
    Duration wait = untilNext();
    if (wait.compareTo(LONGEST_SLEEP) <= 0) {
      waiting = chores.after(wait, this::due);
    }
  }

  private synchronized void due() {
    waiting = null;
    if (!closed && running == null && chores != null) {
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
    } finally {
      ended();
    }
  }

  private synchronized void ended() {
    running = null;
    schedule();
  }

  @Override
  public void close() {
    Future<?> current;
    synchronized (this) {
      closed = true;
      if (waiting != null) {
        waiting.cancel(false);
      }
      current = running;
    }
    if (current != null) {
      current.cancel(true);
    }
  }
}
