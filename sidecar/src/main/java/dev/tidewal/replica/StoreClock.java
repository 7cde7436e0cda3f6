package dev.tidewal.replica;

import java.time.Duration;
import java.time.Instant;

/**
 * The clock of a store, running on between its answers.
 *
 * <p>It goes by the monotonic clock from the newest answer on, so that a step of the local clock
 * doesn't move it. Before the first answer it goes on from the local clock as it was at the
 * beginning. Safe for use by many threads.
 */
final class StoreClock {
  private volatile Reading reading = new Reading(Instant.now(), System.nanoTime(), false);

  /** Takes the store's time out of an answer that has just arrived. */
  void answered(Instant storeTime) {
    reading = new Reading(storeTime, System.nanoTime(), true);
  }

  /** Whether the store has told its time. */
  boolean hasAnswered() {
    return reading.answered;
  }

  Instant now() {
    Reading last = reading;
    return last.time.plus(Duration.ofNanos(System.nanoTime() - last.nanos));
  }

  private record Reading(Instant time, long nanos, boolean answered) {}
}
