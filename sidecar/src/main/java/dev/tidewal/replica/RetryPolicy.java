package dev.tidewal.replica;

import java.time.Duration;
import java.util.Optional;

/**
 * How often and how long a request that failed for a passing reason is sent again: exponential
 * backoff, half of it random, so that many clients don't come back at once.
 *
 * @param attempts in all, the first one included
 * @param firstDelay before the second attempt; doubles from there
 * @param longestDelay where the doubling ends
 * @param budget no attempt starts later than this after the first: what became of a write that is
 *     older must be looked up, not sent again
 */
public record RetryPolicy(
    int attempts, Duration firstDelay, Duration longestDelay, Duration budget) {
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(8, Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ofSeconds(45));

  /** One attempt. */
  public static final RetryPolicy ONCE =
      new RetryPolicy(1, Duration.ZERO, Duration.ZERO, Duration.ZERO);

  public RetryPolicy {
    if (attempts < 1 || firstDelay.isNegative() || longestDelay.compareTo(firstDelay) < 0) {
      throw new IllegalArgumentException("no retry policy: " + attempts + " attempts");
    }
  }

  /**
   * How long to wait before the next attempt, or empty when there is none.
   *
   * @param attempt the attempts made so far, at least 1
   * @param elapsed since the first attempt started
   * @param asked by the store ({@code Retry-After}), zero where it didn't
   * @param random from 0 to 1
   */
  public Optional<Duration> delayAfter(
      int attempt, Duration elapsed, Duration asked, double random) {
    if (attempt >= attempts) {
      return Optional.empty();
    }
    double doubled = (double) firstDelay.toNanos() * Math.pow(2, attempt - 1.0);
    double backoff = Math.min(doubled, (double) longestDelay.toNanos()) * (0.5 + random / 2);
    Duration delay = Duration.ofNanos(Math.max((long) backoff, asked.toNanos()));
    return elapsed.plus(delay).compareTo(budget) > 0 ? Optional.empty() : Optional.of(delay);
  }
}
