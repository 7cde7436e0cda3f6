package dev.tidewal.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UploadBudgetTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void aLoneCommitLeavesAtOnce() {
    UploadBudget budget = new UploadBudget(Duration.ofSeconds(1), 10, 0);

    assertThat(budget.untilNext(5 * SECOND)).isZero();
  }

  @Test
  void aStormIsPacedToOneUploadAnIntervalAfterTheBurst() {
    UploadBudget budget = new UploadBudget(Duration.ofSeconds(1), 10, 0);
    int uploads = 0;

    for (long now = 0; now < 60 * SECOND; now += SECOND / 100) {
      if (budget.untilNext(now).isZero()) {
        budget.take(now);
        uploads++;
      }
    }

    assertThat(uploads).isBetween(68, 70);
  }

  @Test
  void aDemandedUploadIsPaidBackLater() {
    UploadBudget budget = new UploadBudget(Duration.ofSeconds(1), 1, 0);
    budget.take(0);
    budget.take(0);

    assertThat(budget.untilNext(0)).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void noIntervalMeansNoWaiting() {
    UploadBudget budget = new UploadBudget(Duration.ZERO, 10, 0);
    budget.take(0);

    assertThat(budget.untilNext(0)).isZero();
  }
}
