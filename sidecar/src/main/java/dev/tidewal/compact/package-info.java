/**
 * Keeps a replica small and quick to restore: levels (L1 to L3), snapshots (L9) and retention.
 *
 * <p>Pure plans decide ({@link dev.tidewal.compact.CompactionPlan}, {@link
 * dev.tidewal.compact.SnapshotPlan}, {@link dev.tidewal.compact.RetentionPlan}) from what {@link
 * dev.tidewal.compact.LevelIndex} remembers; {@link dev.tidewal.compact.Compactor} carries them
 * out. Uses {@code replica}, {@code ltx} and {@code core}; who owns the replica comes in through
 * {@link dev.tidewal.compact.Ownership}. Invariant: nothing that any moment of the retention window
 * needs, no claim and no head is ever deleted, and an idle database makes no request. Start reading
 * at {@link dev.tidewal.compact.Compaction}.
 */
@NullMarked
package dev.tidewal.compact;

import org.jspecify.annotations.NullMarked;
