package dev.tidewal.replica;

import dev.tidewal.core.ByteSize;
import dev.tidewal.core.TidewalException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the traffic with a store may be; shared by the clients that it holds for together. Safe for
 * use by many threads.
 */
public final class TrafficLimit {
  private final Optional<TokenBucket> bytes;
  private final Optional<TokenBucket> requests;

  /**
   * @param bytesPerSecond in both directions together; empty = any
   * @param requestsPerSecond empty = any
   */
  public TrafficLimit(Optional<ByteSize> bytesPerSecond, OptionalLong requestsPerSecond) {
    this.bytes = bytesPerSecond.map(rate -> new TokenBucket(rate.bytes(), System::nanoTime));
    this.requests =
        requestsPerSecond.isPresent()
            ? Optional.of(new TokenBucket(requestsPerSecond.getAsLong(), System::nanoTime))
            : Optional.empty();
  }

  void bytes(long count) {
    bytes.ifPresent(bucket -> await(bucket.take(count)));
  }

  void requests(long count) {
    requests.ifPresent(bucket -> await(bucket.take(count)));
  }

  private static void await(Duration time) {
    if (time.isZero()) {
      return;
    }
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TidewalException.Cancelled(
          "interrupted while waiting because of the bandwidth or request limit", e);
    }
  }
}
