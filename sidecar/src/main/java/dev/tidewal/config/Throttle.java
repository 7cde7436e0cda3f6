package dev.tidewal.config;

import dev.tidewal.core.ByteSize;
import dev.tidewal.replica.TrafficLimit;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Limits of the traffic with a store; empty = none.
 *
 * @param bytesPerSecond in both directions together
 */
public record Throttle(Optional<ByteSize> bytesPerSecond, Optional<Integer> requestsPerSecond) {
  /** Nothing is limited. */
  public static final Throttle NONE = new Throttle(Optional.empty(), Optional.empty());

  /** The limit at work, for the clients that are to share it. */
  public TrafficLimit limit() {
    return new TrafficLimit(
        bytesPerSecond,
        requestsPerSecond.map(count -> OptionalLong.of(count)).orElse(OptionalLong.empty()));
  }
}
