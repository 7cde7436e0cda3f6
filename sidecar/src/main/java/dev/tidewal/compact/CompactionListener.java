package dev.tidewal.compact;

import dev.tidewal.ltx.LtxName;
import java.time.Duration;

/** Told about what compaction does, for metrics and logs. Must return at once and not throw. */
public interface CompactionListener {
  CompactionListener NONE = new CompactionListener() {};

  /** An object of a level or a snapshot was written. */
  default void merged(LtxName output, int inputs, long bytes, Duration took) {}

  /** Objects were deleted; with {@code deletes: false} they were only forgotten. */
  default void expired(int objects) {}

  /** The levels can't go on, or no snapshot can be merged, until the database itself is read. */
  default void liveSnapshotWanted(String reason) {}

  /** Something in the replica is not as it should be; the message names the object. */
  default void problem(String message) {}
}
