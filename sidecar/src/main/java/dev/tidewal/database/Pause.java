package dev.tidewal.database;

import dev.tidewal.core.TidewalException;

/** Sleeps between attempts; an interrupt ends the work. */
final class Pause {
  private Pause() {}

  static void millis(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TidewalException.Cancelled("interrupted while waiting for the database", e);
    }
  }
}
