package dev.tidewal.compact;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The next step from one level to the level above it: one object for each interval in which
 * something was written, none for an interval without a page.
 *
 * <p>Inputs follow each other without a gap. A claim (no pages) never makes an object; it becomes
 * part of the next one that has pages. A gap is passed over where a snapshot covers it. Litestream
 * goes on from the highest TXID of a level and wants the level below to begin at the one after it.
 */
public sealed interface CompactionPlan {
  /** These inputs, in order, become this object. */
  record Merge(LtxName output, List<LevelObject> inputs) implements CompactionPlan {
    public Merge {
      inputs = List.copyOf(inputs);
    }
  }

  /** An interval is still open until then, by the plan's clock. */
  record Wait(Instant due) implements CompactionPlan {}

  /** Nothing was written since. */
  record Nothing() implements CompactionPlan {}

  /** Objects are missing after this TXID, and no snapshot covers them. */
  record Gap(Txid after, LtxName next) implements CompactionPlan {}

  /**
   * What one level looks like from above.
   *
   * @param level the level to write, 1 or above
   * @param below objects of the level below, in the order of a listing
   * @param merged the level's highest TXID, zero when it is empty
   * @param snapshot TXID of the newest snapshot, zero without one
   * @param acknowledged nothing above it is read
   * @param cuts TXIDs that must stay the end of an object
   */
  record Situation(
      int level,
      Duration interval,
      List<LevelObject> below,
      Txid merged,
      Txid snapshot,
      Txid acknowledged,
      List<Txid> cuts) {
    /** Levels begin after the first snapshot, which is not carried through them. */
    long start() {
      return merged.isZero() ? snapshot.value() : merged.value();
    }
  }

  static CompactionPlan next(Situation situation, PlanClock clock) {
    List<LevelObject> inputs = inputs(situation);
    MergeGroup group = new MergeGroup(situation, clock);
    long reached = situation.start();
    int next = 0;
    while (next < inputs.size()) {
      LevelObject longest = inputs.get(next++);
      if (longest.last() <= reached) {
        continue;
      }
      while (next < inputs.size() && inputs.get(next).first() <= reached + 1) {
        LevelObject other = inputs.get(next++);
        longest = other.last() > longest.last() ? other : longest;
      }
      if (longest.first() > reached + 1) {
        if (group.hasPages()) {
          return group.merge();
        }
        if (longest.first() - 1 > situation.snapshot().value()) {
          return new Gap(new Txid(reached), longest.name());
        }
        group.clear();
      }
      if (group.endsBefore(longest)) {
        return group.merge();
      }
      group.add(longest);
      reached = longest.last();
    }
    return group.atEnd();
  }

  private static List<LevelObject> inputs(Situation situation) {
    return situation.below().stream()
        .filter(object -> object.last() > situation.start())
        .filter(object -> !object.name().max().isAfter(situation.acknowledged()))
        .filter(object -> !isFirstSnapshot(object))
        .toList();
  }

  /** Copied to level 9 as it is, never merged. */
  private static boolean isFirstSnapshot(LevelObject object) {
    return object.name().level() == 0 && object.name().isSnapshot();
  }
}
