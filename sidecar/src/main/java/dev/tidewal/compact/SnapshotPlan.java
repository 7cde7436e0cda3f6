package dev.tidewal.compact;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The next snapshot: the first one is copied from L0 inside the store, later ones are merged from
 * the snapshot before and the levels, an interval after it and only when a page was written since.
 */
public sealed interface SnapshotPlan {
  /** The first object of a chain is a snapshot already and is copied to level 9. */
  record Copy(LevelObject from, LtxName to) implements SnapshotPlan {}

  /**
   * These objects, in order, become the snapshot; the last one's rolling checksum must come out.
   */
  record Merge(LtxName output, List<LevelObject> inputs) implements SnapshotPlan {
    public Merge {
      inputs = List.copyOf(inputs);
    }

    /** The object that ends at the snapshot's TXID. */
    LevelObject last() {
      return inputs.getLast();
    }
  }

  /** The interval is not over, by the store's clock. */
  record Wait(Instant due) implements SnapshotPlan {}

  /** Nothing changed since the last one, or what changed is in no level yet. */
  record Nothing() implements SnapshotPlan {}

  /** It can't be merged; the database itself must be read. */
  record ReadLive(String reason) implements SnapshotPlan {}

  /**
   * Decides.
   *
   * @param objects all usable objects of the replica
   * @param acknowledged nothing above it is read
   */
  static SnapshotPlan next(
      List<LevelObject> objects, Txid acknowledged, CompactionSettings settings, Instant storeNow) {
    List<LevelObject> known =
        objects.stream().filter(object -> !object.name().max().isAfter(acknowledged)).toList();
    Optional<LevelObject> newest = newestSnapshot(known);
    long covered = newest.map(LevelObject::last).orElse(0L);
    Optional<LevelObject> first =
        known.stream()
            .filter(object -> object.name().level() == 0 && object.name().isSnapshot())
            .filter(object -> object.last() > covered)
            .max(Comparator.comparingLong(LevelObject::last));
    if (first.isPresent()) {
      return new Copy(first.get(), LtxName.snapshot(first.get().name().max()));
    }
    if (known.stream().noneMatch(object -> object.last() > covered && !object.isClaim())) {
      return new Nothing();
    }
    Instant due =
        newest.map(last -> last.modified().plus(settings.snapshotInterval())).orElse(storeNow);
    return due.isAfter(storeNow) ? new Wait(due) : merge(known, newest);
  }

  private static SnapshotPlan merge(List<LevelObject> known, Optional<LevelObject> newest) {
    List<LevelObject> merged =
        known.stream()
            .filter(object -> object.name().level() > 0)
            .filter(object -> object.name().level() < LtxName.SNAPSHOT_LEVEL)
            .toList();
    long covered = newest.map(LevelObject::last).orElse(0L);
    long target = merged.stream().mapToLong(LevelObject::last).max().orElse(0);
    if (target <= covered) {
      return new Nothing();
    }
    List<LevelObject> inputs = new ArrayList<>(newest.stream().toList());
    inputs.addAll(Route.longest(merged, covered));
    long reached = inputs.isEmpty() ? 0 : inputs.getLast().last();
    if (inputs.isEmpty() || !inputs.getFirst().name().isSnapshot()) {
      return new ReadLive("there is no snapshot to begin with");
    }
    if (reached < target) {
      return new ReadLive("objects are missing after TXID " + new Txid(reached));
    }
    if (MergeMemory.bytes(inputs) > 4 * MergeMemory.MAX_BYTES) {
      return new ReadLive(
          inputs.size()
              + " objects are too many for one merge: configure a level with a longer interval");
    }
    return new Merge(LtxName.snapshot(new Txid(target)), inputs);
  }

  private static Optional<LevelObject> newestSnapshot(List<LevelObject> objects) {
    return objects.stream()
        .filter(object -> object.name().level() == LtxName.SNAPSHOT_LEVEL)
        .filter(object -> object.name().isSnapshot())
        .max(Comparator.comparingLong(LevelObject::last));
  }
}
