package dev.tidewal.compact;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The objects of one interval while {@link CompactionPlan} collects them. */
final class MergeGroup {
  private final CompactionPlan.Situation situation;
  private final PlanClock clock;
  private final List<LevelObject> objects = new ArrayList<>();
  private long memoryBytes;
  private Instant end = Instant.MAX;

  MergeGroup(CompactionPlan.Situation situation, PlanClock clock) {
    this.situation = situation;
    this.clock = clock;
  }

  /** False while there is nothing, or only claims. */
  boolean hasPages() {
    return !end.equals(Instant.MAX);
  }

  void clear() {
    objects.clear();
    memoryBytes = 0;
    end = Instant.MAX;
  }

  void add(LevelObject object) {
    objects.add(object);
    memoryBytes += MergeMemory.bytes(object);
    if (!hasPages() && !object.isClaim()) {
      end = PlanClock.endOfInterval(clock.timeOf(object), situation.interval());
    }
  }

  /** Whether this object belongs to the next group: a later interval, across a cut, or too much. */
  boolean endsBefore(LevelObject next) {
    return hasPages()
        && (!clock.timeOf(next).isBefore(end)
            || cutBefore(next)
            || memoryBytes + MergeMemory.bytes(next) > MergeMemory.MAX_BYTES);
  }

  CompactionPlan merge() {
    LtxName output =
        new LtxName(
            situation.level(), objects.getFirst().name().min(), objects.getLast().name().max());
    return new CompactionPlan.Merge(output, objects);
  }

  CompactionPlan atEnd() {
    if (!hasPages()) {
      return new CompactionPlan.Nothing();
    }
    return clock.isPast(end) ? merge() : new CompactionPlan.Wait(end);
  }

  private boolean cutBefore(LevelObject next) {
    Txid last = objects.getLast().name().max();
    return situation.cuts().stream()
        .anyMatch(cut -> !last.isAfter(cut) && next.name().max().isAfter(cut));
  }
}
