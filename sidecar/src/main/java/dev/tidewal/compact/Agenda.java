package dev.tidewal.compact;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Works out one {@link Step}: the first plan that has something to do, else the shortest wait. */
final class Agenda {
  private final LevelIndex index;
  private final Step.Circumstances circumstances;
  private final CompactionSettings settings;
  private final PlanClock clock;
  private final Optional<LevelObject> snapshot;
  private Duration sleep = Step.FOR_EVER;
  private Instant retentionFrom;

  Agenda(LevelIndex index, Step.Circumstances circumstances, CompactionSettings settings) {
    this.index = index;
    this.circumstances = circumstances;
    this.settings = settings;
    this.clock = circumstances.clock();
    this.snapshot = index.newestSnapshot();
    this.retentionFrom = circumstances.retentionFrom();
  }

  Step next() {
    return firstSnapshot()
        .or(this::levels)
        .or(this::laterSnapshot)
        .or(this::retention)
        .orElseGet(() -> new Step.Sleep(sleep, retentionFrom));
  }

  private Optional<Step> firstSnapshot() {
    boolean waiting =
        index.recent(0).stream()
            .anyMatch(object -> object.name().isSnapshot() && object.last() > snapshotTxid());
    return waiting ? snapshotStep() : Optional.empty();
  }

  private Optional<Step> laterSnapshot() {
    Instant due =
        snapshot
            .map(object -> object.modified().plus(settings.snapshotInterval()))
            .orElse(circumstances.store());
    if (!due.isAfter(circumstances.store())) {
      return snapshotStep();
    }
    if (index.highest(1).value() > snapshotTxid()) {
      sleepAtMost(Duration.between(circumstances.store(), due));
    }
    return Optional.empty();
  }

  private Optional<Step> snapshotStep() {
    List<LevelObject> objects = circumstances.usable(index.objects(Instant.MIN));
    SnapshotPlan plan =
        SnapshotPlan.next(objects, circumstances.acknowledged(), settings, circumstances.store());
    return switch (plan) {
      case SnapshotPlan.Copy copy -> Optional.of(new Step.Copy(copy.from().name(), copy.to()));
      case SnapshotPlan.Merge merge ->
          isLiveAsked()
              ? Optional.empty()
              : Optional.of(new Step.Snapshot(merge.output(), merge.inputs()));
      case SnapshotPlan.ReadLive live -> readLive(live.reason());
      case SnapshotPlan.Wait wait -> {
        sleepAtMost(Duration.between(circumstances.store(), wait.due()));
        yield Optional.empty();
      }
      case SnapshotPlan.Nothing nothing -> Optional.empty();
    };
  }

  private Optional<Step> levels() {
    for (int level = 1; level <= settings.topLevel(); level++) {
      Optional<Step> step = level(level);
      if (step.isPresent()) {
        return step;
      }
    }
    return Optional.empty();
  }

  private Optional<Step> level(int level) {
    CompactionPlan plan =
        CompactionPlan.next(
            new CompactionPlan.Situation(
                level,
                settings.interval(level),
                circumstances.usable(index.recent(level - 1)),
                index.highest(level),
                new Txid(snapshotTxid()),
                circumstances.acknowledged(),
                circumstances.branches().stream().map(ProtectedBranch::end).toList()),
            clock);
    return switch (plan) {
      case CompactionPlan.Merge merge ->
          Optional.of(new Step.Merge(merge.output(), merge.inputs()));
      case CompactionPlan.Gap gap ->
          readLive("objects are missing after TXID " + gap.after() + ", before " + gap.next());
      case CompactionPlan.Wait wait -> {
        sleepAtMost(Duration.between(clock.now(), wait.due()));
        yield Optional.empty();
      }
      case CompactionPlan.Nothing nothing -> Optional.empty();
    };
  }

  private Optional<Step> retention() {
    Instant store = circumstances.store();
    if (!retentionFrom.isAfter(store)) {
      RetentionPlan.Situation situation =
          new RetentionPlan.Situation(
              index.objects(store.minus(RetentionPlan.batchAge(settings))),
              circumstances.acknowledged(),
              circumstances.branches(),
              index.claimsForgotten(),
              circumstances.unusable());
      RetentionPlan plan = RetentionPlan.at(store, situation, settings);
      if (!plan.isEmpty()) {
        return Optional.of(new Step.Expire(plan));
      }
      retentionFrom = RetentionPlan.next(store, situation, settings).orElse(Instant.MAX);
    }
    if (!retentionFrom.equals(Instant.MAX)) {
      sleepAtMost(Duration.between(store, retentionFrom));
    }
    return Optional.empty();
  }

  /** Asked once; until a newer snapshot is there nothing else can help. */
  private Optional<Step> readLive(String reason) {
    return isLiveAsked() ? Optional.empty() : Optional.of(new Step.ReadLive(reason));
  }

  private boolean isLiveAsked() {
    return circumstances.askedLive().filter(asked -> asked.value() >= snapshotTxid()).isPresent();
  }

  private long snapshotTxid() {
    return snapshot.map(LevelObject::name).map(LtxName::max).orElse(Txid.ZERO).value();
  }

  private void sleepAtMost(Duration time) {
    Duration positive = time.isNegative() ? Duration.ZERO : time;
    sleep = positive.compareTo(sleep) < 0 ? positive : sleep;
  }
}
