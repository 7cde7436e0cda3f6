package dev.tidewal.operator.reconcile;

import dev.tidewal.crds.DestinationSpec;
import dev.tidewal.operator.cosi.BucketState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * When to look again for buckets, whose objects may be of a kind that the cluster learns later and
 * are not watched. Pure.
 */
final class NextLook {
  static final Duration FIRST = Duration.ofSeconds(5);
  static final Duration LONGEST = Duration.ofSeconds(60);
  static final Duration READY = Duration.ofMinutes(5);

  private NextLook() {}

  /**
   * Half as long as it was waited for already; empty: nothing can change unseen.
   *
   * @param since when the bucket became what it is now
   */
  static Optional<Duration> after(
      List<DestinationSpec> destinations, BucketState bucket, Instant since, Instant now) {
    return switch (bucket) {
      case BucketState.Ready _ ->
          destinations.stream().anyMatch(destination -> destination.cosi() != null)
              ? Optional.of(READY)
              : Optional.empty();
      case BucketState.NotReady _ -> {
        Duration half = Duration.between(since, now).dividedBy(2);
        yield Optional.of(
            half.compareTo(FIRST) < 0 ? FIRST : half.compareTo(LONGEST) > 0 ? LONGEST : half);
      }
    };
  }
}
