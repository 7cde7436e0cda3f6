package dev.tidewal.report;

import dev.tidewal.core.PositionReport;
import dev.tidewal.supervisor.Databases;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Looks once a second, and tells the operator: a change of state at once, positions every ten
 * seconds while they move, and the last word at the end. Close it after the final sync.
 */
public final class PositionReporter implements AutoCloseable {
  private static final Logger LOG = System.getLogger(PositionReporter.class.getName());
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final OperatorAddress operator;
  private final OperatorClient client;
  private final Databases databases;
  private final Thread thread;
  private @Nullable PositionReport told;
  private long toldNanos = System.nanoTime();
  private String complaint = "";

  private PositionReporter(OperatorAddress operator, Databases databases) {
    this.operator = operator;
    this.client = new OperatorClient(operator);
    this.databases = databases;
    this.thread = Thread.ofVirtual().name("position reports").unstarted(this::run);
  }

  public static PositionReporter start(OperatorAddress operator, Databases databases) {
    PositionReporter reporter = new PositionReporter(operator, databases);
    reporter.thread.start();
    return reporter;
  }

  private void run() {
    Duration pause = LOOK;
    try {
      while (true) {
        Thread.sleep(pause);
        pause = look(false) ? LOOK : longer(pause);
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether all is told that should be. */
  private boolean look(boolean isFinal) {
    try {
      PositionReport next = Reports.of(operator, databases.statuses(), isFinal);
      if (Reports.isDue(told, next, Duration.ofNanos(System.nanoTime() - toldNanos))) {
        client.put(next);
        told = next;
        toldNanos = System.nanoTime();
        complaint = "";
      }
      return true;
    } catch (IOException | RuntimeException away) {
      complain(String.valueOf(away.getMessage()));
      return false;
    }
  }

  /** Once for each reason: a rolling operator is away for a minute, and nobody has to act. */
  private void complain(String reason) {
    if (!reason.equals(complaint)) {
      LOG.log(Level.WARNING, "positions do not reach {0}: {1}", operator.url(), reason);
      complaint = reason;
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  /** Tells the last word, once. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return;
    }
    var _ = look(true);
  }
}
