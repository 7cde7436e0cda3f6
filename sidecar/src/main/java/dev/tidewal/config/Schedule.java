package dev.tidewal.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a replica is compacted and how long it keeps what.
 *
 * @param levels intervals of L1 and above, ascending; one to eight
 * @param batchRetention how long every single batch stays restorable; empty = for ever
 * @param snapshotInterval time between full snapshots
 * @param retention the window in which every step of L1 stays restorable
 * @param deletes false where nothing may be deleted (object lock), or the bucket does it
 */
public record Schedule(
    List<Duration> levels,
    Optional<Duration> batchRetention,
    Duration snapshotInterval,
    Duration retention,
    boolean deletes) {
  public Schedule {
    levels = List.copyOf(levels);
  }
}
