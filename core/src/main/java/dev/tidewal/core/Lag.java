package dev.tidewal.core;

import java.time.Duration;

/**
 * How far a replica is behind its database.
 *
 * @param age how long the oldest commit that is not yet durable has waited; zero when all is
 *     durable
 * @param bytes WAL bytes that were committed and are not yet durable
 */
public record Lag(Duration age, long bytes) {
  public static final Lag NONE = new Lag(Duration.ZERO, 0);

  public boolean isNone() {
    return age.isZero() && bytes == 0;
  }
}
