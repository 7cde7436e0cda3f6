package dev.tidewal.fence.simulator;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A program in a thread of its own that runs only while the world lets it: from one {@link #pause}
 * to the next.
 */
final class Process {
  private final String name;
  private final Semaphore go = new Semaphore(0);
  private final Semaphore stopped = new Semaphore(0);
  private final Thread thread;
  private volatile boolean killed;
  private volatile boolean ended;
  private volatile @Nullable Throwable failure;
  private long wakeNanos;

  Process(String name, Runnable program) {
    this.name = name;
    this.thread =
        Thread.ofVirtual()
            .unstarted(() -> {
              go.acquireUninterruptibly();
              try {
                if (!killed) {
                  program.run();
                }
              } catch (Crash expected) {
                // The program is over.
              } catch (Throwable e) {
                failure = e;
              } finally {
                ended = true;
                stopped.release();
              }
            });
    thread.start();
  }

  /** Lets the program run to its next pause. For the world. */
  void step() {
    go.release();
    stopped.acquireUninterruptibly();
    Throwable thrown = failure;
    if (thrown instanceof Violation violation) {
      throw violation;
    }
    if (thrown != null) {
      throw new Violation(name + " failed: " + thrown, thrown);
    }
  }

  /** Gives way to the others. For the program. */
  void pause() {
    if (!killed) {
      stopped.release();
      go.acquireUninterruptibly();
    }
    if (killed) {
      throw new Crash();
    }
  }

  /** Gives way at least until then. */
  void sleepUntil(long nanos) {
    wakeNanos = nanos;
    pause();
  }

  long wakeNanos() {
    return wakeNanos;
  }

  void holdUntil(long nanos) {
    wakeNanos = Math.max(wakeNanos, nanos);
  }

  /** Ends the program where it is; nothing that it does from now on has any effect. */
  void kill() {
    if (!ended) {
      killed = true;
      step();
    }
  }

  boolean isEnded() {
    return ended;
  }

  boolean isKilled() {
    return killed;
  }

  @Override
  public String toString() {
    return name;
  }
}
