package dev.tidewal.cli;

import dev.tidewal.core.ExitCode;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGTERM and SIGINT into a request, so that the command ends by itself and with an exit code
 * of its own choice: the JVM's would be that of the signal.
 */
final class Shutdown implements AutoCloseable {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Duration patience;
  private final Thread hook = new Thread(this::onSignal, "shutdown");
  private volatile int exitCode = ExitCode.UNEXPECTED.code();

  /**
   * @param patience how long the command may take to end once it was asked to
   */
  private Shutdown(Duration patience) {
    this.patience = patience;
  }

  static Shutdown listen(Duration patience) {
    Shutdown shutdown = new Shutdown(patience);
    Runtime.getRuntime().addShutdownHook(shutdown.hook);
    return shutdown;
  }

  /** Asks as a signal would. */
  void ask() {
    asked.countDown();
  }

  /** Waits until somebody asks; whether somebody did. */
  boolean await(Duration time) throws InterruptedException {
    return asked.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The command has ended. If a signal asked for it, the process ends here and now. */
  void finished(int code) {
    exitCode = code;
    finished.countDown();
  }

  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException signalled) {
      // The hook runs already and ends the process.
    }
  }

  private void onSignal() {
    asked.countDown();
    try {
      boolean ended = finished.await(patience.toMillis(), TimeUnit.MILLISECONDS);
      Runtime.getRuntime().halt(ended ? exitCode : ExitCode.UNEXPECTED.code());
    } catch (InterruptedException never) {
      Thread.currentThread().interrupt();
    }
  }
}
