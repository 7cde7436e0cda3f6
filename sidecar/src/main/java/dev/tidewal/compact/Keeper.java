package dev.tidewal.compact;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Judges single objects for {@link RetentionPlan}, which has the rules. */
final class Keeper {
  private static final Comparator<LevelObject> BY_END = Comparator.comparingLong(LevelObject::last);

  private final Instant now;
  private final CompactionSettings settings;
  private final Txid acknowledged;
  private final List<Branch> branches;
  private final @Nullable LevelObject floor;
  private final @Nullable LevelObject batchFloor;
  private final @Nullable LtxName oldestSnapshot;
  private final long head;
  private final @Nullable LtxName anchor;
  private final List<TreeMap<Long, LevelObject>> levels = new ArrayList<>();

  /** A protected state and the snapshot that it is reached from; 0 without one. */
  private record Branch(long base, long end) {}

  Keeper(Instant now, RetentionPlan.Situation situation, CompactionSettings settings) {
    this.now = now;
    this.settings = settings;
    this.acknowledged = situation.acknowledged();
    List<LevelObject> objects =
        situation.objects().stream()
            .filter(object -> !situation.distrusted().contains(object.name()))
            .toList();
    this.branches =
        situation.branches().stream()
            .filter(branch -> branch.until().isAfter(now))
            .map(branch -> branch(branch.end().value(), objects))
            .toList();
    this.floor = floor(objects, windowAge());
    this.batchFloor = floor(objects, batchAge());
    this.oldestSnapshot = snapshots(objects).min(BY_END).map(LevelObject::name).orElse(null);
    this.head =
        objects.stream()
            .filter(object -> object.name().level() == 0)
            .mapToLong(LevelObject::last)
            .max()
            .orElse(0);
    this.anchor = anchor(situation);
    index(objects);
  }

  Duration batchAge() {
    return RetentionPlan.batchAge(settings);
  }

  Duration windowAge() {
    return RetentionPlan.windowAge(settings);
  }

  /** What makes the object superfluous, or empty when it must stay. */
  Optional<LevelObject> replacementOf(LevelObject object) {
    if (object.name().max().isAfter(acknowledged)) {
      return Optional.empty();
    }
    return switch (object.name().level()) {
      case 0 -> replacementOfBatch(object);
      case LtxName.SNAPSHOT_LEVEL -> replacementOfSnapshot(object);
      default -> replacementOfMerged(object);
    };
  }

  /** Whether a batch goes as soon as it is old enough. */
  boolean isCoveredBatch(LevelObject object) {
    return object.name().level() == 0
        && !settings.batchesOutliveSteps()
        && !isHeadOrClaim(object)
        && !object.name().max().isAfter(acknowledged)
        && covering(object).isPresent();
  }

  private Optional<LevelObject> replacementOfBatch(LevelObject object) {
    if (isHeadOrClaim(object)) {
      return Optional.empty();
    }
    if (settings.batchesOutliveSteps()) {
      return below(batchFloor, object);
    }
    Optional<LevelObject> covering =
        object.modified().plus(batchAge()).isAfter(now) ? Optional.empty() : covering(object);
    return covering.isPresent() ? covering : below(floor, object);
  }

  private Optional<LevelObject> replacementOfMerged(LevelObject object) {
    return object.name().equals(anchor) ? Optional.empty() : below(floor, object);
  }

  private Optional<LevelObject> replacementOfSnapshot(LevelObject object) {
    return floor == null || object.last() == floor.last() || isFloorOfBatches(object)
        ? Optional.empty()
        : below(floor, object);
  }

  /** Before any snapshot is old enough, batches are reached from the oldest one. */
  private boolean isFloorOfBatches(LevelObject snapshot) {
    return settings.batchesOutliveSteps()
        && snapshot.name().equals(batchFloor == null ? oldestSnapshot : batchFloor.name());
  }

  private Optional<LevelObject> below(@Nullable LevelObject floor, LevelObject object) {
    return floor == null || object.last() > floor.last() || isNeededByBranch(object)
        ? Optional.empty()
        : Optional.of(floor);
  }

  private boolean isNeededByBranch(LevelObject object) {
    return branches.stream()
        .anyMatch(branch ->
            object.name().isSnapshot()
                ? object.last() == branch.base()
                : object.last() > branch.base() && object.last() <= branch.end());
  }

  private boolean isHeadOrClaim(LevelObject object) {
    return object.isClaim() || object.last() == head;
  }

  /**
   * The highest object above L1 that holds a batch which L1 holds, too; for the first snapshot its
   * copy.
   */
  private Optional<LevelObject> covering(LevelObject object) {
    if (object.name().isSnapshot()) {
      LevelObject copy = levels.get(LtxName.SNAPSHOT_LEVEL).get(object.last());
      if (copy != null) {
        return Optional.of(copy);
      }
    }
    if (coveringAt(1, object).isEmpty()) {
      return Optional.empty();
    }
    for (int level = LtxName.SNAPSHOT_LEVEL - 1; level > 1; level--) {
      Optional<LevelObject> covering = coveringAt(level, object);
      if (covering.isPresent()) {
        return covering;
      }
    }
    return coveringAt(1, object);
  }

  private Optional<LevelObject> coveringAt(int level, LevelObject object) {
    return Optional.ofNullable(levels.get(level).floorEntry(object.first()))
        .map(entry -> entry.getValue())
        .filter(merged -> merged.last() >= object.last())
        .filter(merged -> below(floor, merged).isEmpty())
        .filter(merged -> branches.stream().noneMatch(branch -> straddles(merged, object, branch)));
  }

  /** Whether the branch needs the batch because the merged object goes beyond the branch's end. */
  private static boolean straddles(LevelObject merged, LevelObject object, Branch branch) {
    return object.last() > branch.base()
        && object.last() <= branch.end()
        && merged.last() > branch.end();
  }

  private static Branch branch(long end, List<LevelObject> objects) {
    long base =
        objects.stream()
            .filter(object -> object.name().isSnapshot() && object.last() <= end)
            .mapToLong(LevelObject::last)
            .max()
            .orElse(0);
    return new Branch(base, end);
  }

  private @Nullable LevelObject floor(List<LevelObject> objects, Duration age) {
    return snapshots(objects)
        .filter(object -> !object.modified().plus(age).isAfter(now))
        .max(BY_END)
        .orElse(null);
  }

  private Stream<LevelObject> snapshots(List<LevelObject> objects) {
    return objects.stream()
        .filter(object -> object.name().level() == LtxName.SNAPSHOT_LEVEL)
        .filter(object -> object.name().isSnapshot())
        .filter(object -> !object.name().max().isAfter(acknowledged));
  }

  private @Nullable LtxName anchor(RetentionPlan.Situation situation) {
    boolean claims =
        situation.hiddenClaims()
            || situation.objects().stream().anyMatch(o -> o.isClaim() && o.last() < head);
    return situation.objects().stream()
        .filter(object -> claims && object.name().level() == 1)
        .max(BY_END)
        .map(LevelObject::name)
        .orElse(null);
  }

  /** Levels by first TXID; snapshots, which all begin at 1, by last. */
  private void index(List<LevelObject> objects) {
    for (int level = 0; level <= LtxName.SNAPSHOT_LEVEL; level++) {
      levels.add(new TreeMap<>());
    }
    for (LevelObject object : objects) {
      int level = object.name().level();
      if (level == LtxName.SNAPSHOT_LEVEL) {
        levels.get(level).put(object.last(), object);
      } else if (level > 0) {
        levels.get(level).merge(object.first(), object, (a, b) -> a.last() > b.last() ? a : b);
      }
    }
  }
}
