package dev.tidewal.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/**
 * One line that a person watches while something takes longer than a second; nothing at all when
 * nobody watches. Thread-safe.
 */
final class ProgressLine implements AutoCloseable {
  private static final Duration BEFORE_FIRST = Duration.ofSeconds(1);
  private static final Duration BETWEEN = Duration.ofMillis(200);
  private static final int BAR = 24;
  private static final String CLEAR = "\r\033[K";

  private final PrintStream err;
  private final String what;
  private final Duration beforeFirst;
  private final long start = System.nanoTime();
  private final LongAdder done = new LongAdder();
  private final Thread painter;
  private volatile long total;
  private volatile String step = "";
  private volatile boolean shown;

  /**
   * @param beforeFirst what takes no longer draws nothing
   */
  ProgressLine(Terminal terminal, String what, Duration beforeFirst) {
    this.err = terminal.err();
    this.what = what;
    this.beforeFirst = beforeFirst;
    this.painter = Thread.ofVirtual().name("progress").unstarted(this::paint);
    if (terminal.interactive()) {
      painter.start();
    }
  }

  /** Starts to measure. */
  static ProgressLine start(Terminal terminal, String what) {
    return new ProgressLine(terminal, what, BEFORE_FIRST);
  }

  /** How many bytes there are to do; what was done so far counts no more. */
  void expect(long bytes) {
    done.reset();
    total = bytes;
  }

  void advance(long bytes) {
    done.add(bytes);
  }

  /** Names what is done now instead of a number of bytes. */
  void step(String name) {
    step = name;
  }

  @Override
  public void close() {
    finish();
  }

  /** Clears the line; from here on it is not drawn again. */
  void finish() {
    painter.interrupt();
    try {
      painter.join();
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    if (shown) {
      shown = false;
      err.print(CLEAR);
      err.flush();
    }
  }

  private void paint() {
    try {
      Thread.sleep(beforeFirst);
      while (true) {
        shown = true;
        err.print(CLEAR + line(what, step, done.sum(), total, sinceStart()));
        err.flush();
        Thread.sleep(BETWEEN);
      }
    } catch (InterruptedException closed) {
      // The line is cleared by close().
    }
  }

  private Duration sinceStart() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** The line as it looks at one moment. */
  static String line(String what, String step, long done, long total, Duration elapsed) {
    if (!step.isEmpty()) {
      return what + ": " + step + " (" + Figures.time(elapsed) + ")";
    }
    if (total <= 0) {
      return what + " (" + Figures.time(elapsed) + ")";
    }
    double part = Math.min(1, (double) done / total);
    int filled = (int) (part * BAR);
    double perSecond = done / Math.max(0.001, elapsed.toNanos() / 1e9);
    String left =
        done == 0 ? "" : ", " + Figures.time(secondsLeft(total - done, perSecond)) + " left";
    return String.format(
        Locale.ROOT,
        "%s [%s%s] %3.0f %%  %s of %s, %s/s%s",
        what,
        "#".repeat(filled),
        ".".repeat(BAR - filled),
        part * 100,
        Figures.bytes(done),
        Figures.bytes(total),
        Figures.bytes((long) perSecond),
        left);
  }

  private static Duration secondsLeft(long bytes, double perSecond) {
    return Duration.ofSeconds(Math.max(0, Math.round(bytes / Math.max(1, perSecond))));
  }
}
