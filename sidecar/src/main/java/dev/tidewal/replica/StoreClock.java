package dev.tidewal.replica;

import java.time.Duration;
import java.time.Instant;

/**
 * The clock of a store, running on between its answers.
 *
 * <p>It goes by the monotonic clock from the newest answer on, so that a step of the local clock
 * doesn't move it. Before the first answer it is the local clock. Safe for use by many threads.
 */
final class StoreClock {
  private volatile Reading reading = new Reading(Instant.EPOCH, 0);

  /** Takes the store's time out of an answer that has just arrived. */
  void answered(Instant storeTime) {
    reading = new Reading(storeTime, System.nanoTime());
  }

  Instant now() {
    Reading last = reading;
    return last.storeTime.equals(Instant.EPOCH)
        ? Instant.now()
        : last.storeTime.plus(Duration.ofNanos(System.nanoTime() - last.nanos));
  }

  private record Reading(Instant storeTime, long nanos) {}
}
