package dev.tidewal.replicate;

import java.time.Duration;

/**
 * A token bucket that paces uploads: one each {@code interval} in the long run, up to {@code burst}
 * at once.
 *
 * <p>So a lone commit leaves at once, and a storm of commits costs no more requests than a fixed
 * interval. Times are readings of one monotonic clock in nanoseconds. Not thread-safe.
 */
final class UploadBudget {
  private final long intervalNanos;
  private final long capacityNanos;
  private long savedNanos;
  private long lastNanos;

  UploadBudget(Duration interval, int burst, long nowNanos) {
    if (interval.isNegative() || burst < 1) {
      throw new IllegalArgumentException("interval must not be negative and burst at least 1");
    }
    intervalNanos = interval.toNanos();
    capacityNanos = Math.multiplyExact(intervalNanos, burst);
    savedNanos = capacityNanos;
    lastNanos = nowNanos;
  }

  /** How long to wait until the next upload may start; zero when it may start now. */
  Duration untilNext(long nowNanos) {
    refill(nowNanos);
    return Duration.ofNanos(Math.max(0, intervalNanos - savedNanos));
  }

  /** An upload starts now, allowed or not (a demanded sync starts at once and pays later). */
  void take(long nowNanos) {
    refill(nowNanos);
    savedNanos -= intervalNanos;
  }

  private void refill(long nowNanos) {
    savedNanos = Math.min(capacityNanos, savedNanos + Math.max(0, nowNanos - lastNanos));
    lastNanos = nowNanos;
  }
}
