package dev.tidewal.replica;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A rate limit with a second's worth of burst. Tokens may be taken before they are there; whoever
 * takes them waits as long as they need to arrive, so that a large request passes, too, and the
 * next one waits for it. Safe for use by many threads.
 */
final class TokenBucket {
  private static final double NANOS = 1e9;

  private final double perSecond;
  private final LongSupplier nanoTime;
  private double tokens;
  private long filledAt;

  TokenBucket(long perSecond, LongSupplier nanoTime) {
    if (perSecond < 1) {
      throw new IllegalArgumentException("is not a rate: " + perSecond);
    }
    this.perSecond = (double) perSecond;
    this.nanoTime = nanoTime;
    this.tokens = (double) perSecond;
    this.filledAt = nanoTime.getAsLong();
  }

  /** Takes tokens and tells how long to wait for them. */
  synchronized Duration take(long count) {
    long now = nanoTime.getAsLong();
    tokens = Math.min(perSecond, tokens + (double) (now - filledAt) / NANOS * perSecond);
    filledAt = now;
    tokens -= (double) count;
    return tokens >= 0
        ? Duration.ZERO
        : Duration.ofNanos((long) Math.ceil(-tokens / perSecond * NANOS));
  }
}
