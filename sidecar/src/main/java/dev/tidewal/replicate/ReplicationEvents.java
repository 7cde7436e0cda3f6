package dev.tidewal.replicate;

import java.time.Duration;

/**
 * Told about what happens, for metrics. Called from many threads; must return at once and not
 * throw.
 */
public interface ReplicationEvents {
  ReplicationEvents NONE = new ReplicationEvents() {};

  /**
   * An object was acknowledged: its size, its pages, and how long its oldest commit waited for it.
   */
  default void acknowledged(String database, long bytes, long pages, Duration commitToDurable) {}

  /** One request to a store ended; {@code code} is "ok" or the error class. */
  default void request(String type, String operation, String code, Duration took, long bytes) {}

  /** A seal of the WAL ended; {@code lockHeld} is zero for the lock-free one. */
  default void sealed(String database, Duration lockHeld) {}

  /** A compaction, snapshot or retention run ended. */
  default void compacted(String database, int level, int inputs, long bytes, Duration took) {}

  /** A database was restored, or brought forward: objects read, bytes written. */
  default void restored(String database, int objects, long bytes, Duration took) {}
}
