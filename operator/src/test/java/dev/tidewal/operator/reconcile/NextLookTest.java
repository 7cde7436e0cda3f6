package dev.tidewal.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.crds.CosiSpec;
import dev.tidewal.crds.DestinationSpec;
import dev.tidewal.operator.cosi.BucketState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NextLookTest {
  private static final Instant SINCE = Instant.parse("2026-11-20T12:00:00Z");
  private static final BucketState WAITING = new BucketState.NotReady("b", "BucketNotReady", "x");
  private static final BucketState READY = new BucketState.Ready("b");
  private static final DestinationSpec COSI =
      new DestinationSpec(
          "primary", new CosiSpec(null, null, null, "fast", "keys", null), null, null, null);
  private static final DestinationSpec DIRECTORY =
      new DestinationSpec("primary", null, null, new DestinationSpec.FileSpec("/b"), null);

  @Test
  void theLongerItTakesTheRarerTheLooks() {
    assertThat(after(WAITING, COSI, 0)).hasValue(Duration.ofSeconds(5));
    assertThat(after(WAITING, COSI, 40)).hasValue(Duration.ofSeconds(20));
    assertThat(after(WAITING, COSI, 86_400)).hasValue(Duration.ofSeconds(60));
  }

  @Test
  void aBucketThatIsReadyIsLookedAtNowAndThen() {
    assertThat(after(READY, COSI, 1)).hasValue(Duration.ofMinutes(5));
  }

  @Test
  void aBucketThatNobodyGivesOutNeedsNoLook() {
    assertThat(after(READY, DIRECTORY, 1)).isEmpty();
  }

  private static Optional<Duration> after(
      BucketState bucket, DestinationSpec destination, long seconds) {
    return NextLook.after(List.of(destination), bucket, SINCE, SINCE.plusSeconds(seconds));
  }
}
