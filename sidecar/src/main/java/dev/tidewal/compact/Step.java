package dev.tidewal.compact;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What to do next for one replica. Carried out one at a time until nothing is left but to sleep.
 *
 * <p>Order: the first snapshot first (levels begin after it), then levels from below, so that each
 * finds the one under it complete, then the merged snapshot, and deletes last.
 */
public sealed interface Step {
  /** Longer than anything lives: there is nothing to wait for. */
  Duration FOR_EVER = ChronoUnit.FOREVER.getDuration();

  /** Copies the first snapshot to level 9. */
  record Copy(LtxName from, LtxName to) implements Step {}

  /** Merges these inputs into an object of a level. */
  record Merge(LtxName output, List<LevelObject> inputs) implements Step {}

  /** Merges these inputs into a snapshot, published only if the recorded checksum comes out. */
  record Snapshot(LtxName output, List<LevelObject> inputs) implements Step {}

  /** Asks the caller for a snapshot of the live database. */
  record ReadLive(String reason) implements Step {}

  /** Deletes what is expired. */
  record Expire(RetentionPlan plan) implements Step {}

  /**
   * Nothing to do for so long, or {@link #FOR_EVER}.
   *
   * @param retentionFrom nothing expires before, by the store's clock, unless something is written
   */
  record Sleep(Duration time, Instant retentionFrom) implements Step {}

  /**
   * What is known apart from the objects.
   *
   * @param wall the local clock
   * @param store the store's clock
   * @param acknowledged nothing above it is touched
   * @param branches states that retention must keep
   * @param unusable objects that were found missing or corrupt
   * @param askedLive the newest snapshot's TXID when a live one was asked for
   * @param retentionFrom no need to look for expired objects before this time of the store
   */
  record Circumstances(
      Instant wall,
      Instant store,
      Txid acknowledged,
      List<ProtectedBranch> branches,
      Set<LtxName> unusable,
      Optional<Txid> askedLive,
      Instant retentionFrom) {
    PlanClock clock() {
      return PlanClock.of(wall, store);
    }

    List<LevelObject> usable(List<LevelObject> objects) {
      return unusable.isEmpty()
          ? objects
          : objects.stream().filter(object -> !unusable.contains(object.name())).toList();
    }
  }

  /** Decides; reads the index, changes nothing. */
  static Step next(LevelIndex index, Circumstances circumstances, CompactionSettings settings) {
    return new Agenda(index, circumstances, settings).next();
  }
}
