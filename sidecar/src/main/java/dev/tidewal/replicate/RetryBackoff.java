package dev.tidewal.replicate;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after the n-th failure in a row: doubling from 100 ms up to 30 s, with full
 * jitter on the upper half.
 *
 * @param failures failures in a row so far
 */
record RetryBackoff(int failures) {
  static final RetryBackoff NONE = new RetryBackoff(0);
  private static final long FIRST_MILLIS = 100;
  private static final long LONGEST_MILLIS = 30_000;

  RetryBackoff afterFailure() {
    return new RetryBackoff(failures + 1);
  }

  Duration delay(RandomGenerator random) {
    if (failures == 0) {
      return Duration.ZERO;
    }
    long full = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures - 1, 20));
    return Duration.ofMillis(full / 2 + random.nextLong(full / 2 + 1));
  }
}
