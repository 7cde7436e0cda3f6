package dev.tidewal.replicate;

import java.time.Duration;

/**
 * How one database is replicated.
 *
 * @param syncInterval uploads come no closer together in the long run
 * @param burst how many may come at once after a quiet time
 * @param limits of WAL and spool
 * @param shutdownTimeout how long the final sync may take
 */
public record ReplicationSettings(
    Duration syncInterval, int burst, Backlog.Limits limits, Duration shutdownTimeout) {
  public static final int DEFAULT_BURST = 10;
}
