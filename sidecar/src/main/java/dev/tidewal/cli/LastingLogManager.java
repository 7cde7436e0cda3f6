package dev.tidewal.cli;

import java.util.logging.LogManager;

/**
 * Keeps logging while the process shuts down: the JDK's log manager closes all handlers in a
 * shutdown hook, beside ours that still synchronises.
 */
public final class LastingLogManager extends LogManager {
  /** Called by the log manager itself. */
  public LastingLogManager() {}

  @Override
  public void reset() {
    // Handlers stay.
  }
}
