package dev.tidewal.compact;

import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import java.time.Duration;
import java.util.List;

/**
 * How a replica is compacted and how long it keeps what.
 *
 * @param levels interval of L1, L2, ...; at most eight, each a millisecond or more
 * @param snapshotInterval time between snapshots while something changes
 * @param retention the window in which every step of L1 stays restorable
 * @param batchRetention how long every single batch stays restorable; may be {@link #FOR_EVER}
 * @param restoreGrace how much longer than that objects stay, for restores that have begun
 * @param deletes false where a bucket's lifecycle deletes, or nothing may (object lock)
 * @param writeMode {@link WriteMode#CREATE} where the store keeps the condition
 */
public record CompactionSettings(
    List<Duration> levels,
    Duration snapshotInterval,
    Duration retention,
    Duration batchRetention,
    Duration restoreGrace,
    boolean deletes,
    WriteMode writeMode) {
  /** A thousand years. */
  public static final Duration FOR_EVER = Duration.ofDays(365_000);

  public static final CompactionSettings DEFAULT =
      new CompactionSettings(
          List.of(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(1)),
          Duration.ofHours(24),
          Duration.ofHours(24),
          Duration.ofHours(1),
          Duration.ofMinutes(15),
          true,
          WriteMode.CREATE);

  public CompactionSettings {
    levels = List.copyOf(levels);
    if (levels.isEmpty() || levels.size() >= LtxName.SNAPSHOT_LEVEL) {
      throw new IllegalArgumentException("1 to 8 levels, not " + levels.size());
    }
    if (levels.stream().anyMatch(interval -> interval.toMillis() < 1)
        || !snapshotInterval.isPositive()) {
      throw new IllegalArgumentException("an interval must be a millisecond or more: " + levels);
    }
    List.of(retention, batchRetention, restoreGrace).forEach(CompactionSettings::checkRetention);
  }

  private static void checkRetention(Duration time) {
    if (time.isNegative() || time.compareTo(FOR_EVER) > 0) {
      throw new IllegalArgumentException("a retention is between nothing and for ever: " + time);
    }
  }

  /** Whether single batches are kept longer than the steps of L1. */
  public boolean batchesOutliveSteps() {
    return batchRetention.compareTo(retention) > 0;
  }

  /** The highest level that is compacted to. */
  public int topLevel() {
    return levels.size();
  }

  /** The interval of L1 and above. */
  public Duration interval(int level) {
    return levels.get(level - 1);
  }

  public CompactionSettings withWriteMode(WriteMode mode) {
    return new CompactionSettings(
        levels, snapshotInterval, retention, batchRetention, restoreGrace, deletes, mode);
  }

  public CompactionSettings withoutDeletes() {
    return new CompactionSettings(
        levels, snapshotInterval, retention, batchRetention, restoreGrace, false, writeMode);
  }
}
