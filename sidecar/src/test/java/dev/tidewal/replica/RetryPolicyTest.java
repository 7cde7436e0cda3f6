package dev.tidewal.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RetryPolicyTest {
  private static final RetryPolicy POLICY =
      new RetryPolicy(5, Duration.ofMillis(100), Duration.ofMillis(350), Duration.ofSeconds(10));

  @Test
  void theDelayDoublesUpToItsLimit() {
    assertThat(POLICY.delayAfter(1, Duration.ZERO, Duration.ZERO, 1)).hasValue(millis(100));
    assertThat(POLICY.delayAfter(2, Duration.ZERO, Duration.ZERO, 1)).hasValue(millis(200));
    assertThat(POLICY.delayAfter(3, Duration.ZERO, Duration.ZERO, 1)).hasValue(millis(350));
    assertThat(POLICY.delayAfter(4, Duration.ZERO, Duration.ZERO, 1)).hasValue(millis(350));
  }

  @Test
  void halfOfTheDelayIsRandom() {
    assertThat(POLICY.delayAfter(1, Duration.ZERO, Duration.ZERO, 0)).hasValue(millis(50));
    assertThat(POLICY.delayAfter(1, Duration.ZERO, Duration.ZERO, 0.5)).hasValue(millis(75));
  }

  @Test
  void theAttemptsAreBounded() {
    assertThat(POLICY.delayAfter(5, Duration.ZERO, Duration.ZERO, 1)).isEmpty();
  }

  @Test
  void noAttemptStartsAfterTheBudget() {
    assertThat(POLICY.delayAfter(1, millis(9_900), Duration.ZERO, 1)).hasValue(millis(100));
    assertThat(POLICY.delayAfter(1, millis(9_901), Duration.ZERO, 1)).isEmpty();
  }

  @Test
  void whatTheStoreAsksForIsKept() {
    assertThat(POLICY.delayAfter(1, Duration.ZERO, Duration.ofSeconds(3), 1))
        .hasValue(Duration.ofSeconds(3));
    assertThat(POLICY.delayAfter(1, Duration.ZERO, Duration.ofSeconds(60), 1)).isEmpty();
  }

  @Test
  void byDefaultAWriteIsNotSentAgainAfterAMinute() {
    assertThat(RetryPolicy.DEFAULT.budget()).isLessThan(Duration.ofMinutes(1));
  }

  private static Duration millis(long count) {
    return Duration.ofMillis(count);
  }
}
