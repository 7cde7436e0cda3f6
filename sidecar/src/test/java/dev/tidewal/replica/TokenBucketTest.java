package dev.tidewal.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class TokenBucketTest {
  private final AtomicLong nanos = new AtomicLong();
  private final TokenBucket bucket = new TokenBucket(100, nanos::get);

  @Test
  void aSecondsWorthPassesAtOnce() {
    assertThat(bucket.take(100)).isZero();
  }

  @Test
  void moreHasToWaitForItsTokens() {
    bucket.take(100);

    assertThat(bucket.take(50)).isEqualTo(Duration.ofMillis(500));
    assertThat(bucket.take(50)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aRequestLargerThanTheBucketPassesAndTheNextOneWaits() {
    assertThat(bucket.take(300)).isEqualTo(Duration.ofSeconds(2));
    assertThat(bucket.take(1)).isGreaterThan(Duration.ofSeconds(2));
  }

  @Test
  void tokensComeBackWithTimeAndDoNotPileUp() {
    bucket.take(100);

    nanos.addAndGet(Duration.ofMillis(500).toNanos());
    assertThat(bucket.take(50)).isZero();
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(bucket.take(100)).isZero();
    assertThat(bucket.take(1)).isPositive();
  }
}
