package dev.tidewal.compact;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.TidewalException.Fenced;
import dev.tidewal.core.TidewalException.NotFound;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Compaction of one database's replica: asks for the next {@link Step}, carries it out, and says
 * when to come back.
 *
 * <p>The caller's threads drive it: {@link #run} when {@link #untilNext} is over, by one thread at
 * a time. {@link #acknowledged}, {@link #added} and {@link #untilNext} may come from any thread.
 * The first run lists the replica, later ones list nothing unless an object that should be there is
 * missing. Times to wait for are the store's, which runs on by the monotonic clock: no step of the
 * local clock makes anything happen, or not happen.
 */
public final class Compaction {
  private static final int STEPS_IN_A_RUN = 20;
  private static final Duration LIVE_AGAIN = Duration.ofMinutes(5);
  private static final Duration GATHER_DELETES = Duration.ofMinutes(5);
  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(10);
  private static final Duration MAX_BACKOFF = Duration.ofMinutes(15);

  private final ReplicaClient client;
  private final Ownership ownership;
  private final CompactionSettings settings;
  private final InstantSource clock;
  private final CompactionListener listener;
  private final Compactor compactor;
  private final LevelIndex index;

  /** By the store's clock, as all deadlines are. */
  private final Deadline due = new Deadline();

  private final Deadline retentionFrom = new Deadline();
  private final Set<LtxName> unusable = new HashSet<>();
  private final Set<LtxName> doubted = new HashSet<>();
  private boolean listed;
  private volatile boolean changedSinceListing;
  private int failures;
  private volatile Optional<LiveWish> liveWish = Optional.empty();

  /** When a wish that was not granted counts as never made; by the store's clock. */
  private volatile Optional<Instant> liveAgain = Optional.empty();

  private record LiveWish(Txid newest, String reason) {}

  /**
   * @param scratch directory for temporary files
   * @param clock the local clock that LTX timestamps are taken from
   */
  public Compaction(
      ReplicaClient client,
      Ownership ownership,
      CompactionSettings settings,
      Path scratch,
      InstantSource clock,
      CompactionListener listener) {
    this.client = client;
    this.ownership = ownership;
    this.settings = settings;
    this.clock = clock;
    this.listener = listener;
    this.index = new LevelIndex(settings);
    this.compactor = new Compactor(client, ownership, settings, scratch);
  }

  /** A batch was acknowledged. Ask {@link #untilNext} again. */
  public void acknowledged(ObjectInfo batch) {
    index.add(batch);
    changedSinceListing = true;
    Instant store = client.storeTime();
    due.by(batch.name().isSnapshot() ? store : store.plus(restOfInterval(store)));
  }

  private Duration restOfInterval(Instant store) {
    Instant now = PlanClock.of(clock.instant(), store).now();
    return Duration.between(now, PlanClock.endOfInterval(now, settings.interval(1)));
  }

  /** An object that compaction did not write itself is there: a live snapshot. */
  public void added(ObjectInfo object) {
    index.add(object);
    changedSinceListing = true;
    retentionFrom.reset(Instant.MIN);
    due.by(client.storeTime());
  }

  /**
   * How long nothing needs to be done, zero when something does; {@link Step#FOR_EVER} when idle.
   */
  public Duration untilNext() {
    Instant next = due.get();
    if (next.equals(Instant.MAX)) {
      return Step.FOR_EVER;
    }
    if (next.equals(Instant.MIN)) {
      return Duration.ZERO;
    }
    Duration wait = Duration.between(client.storeTime(), next);
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  /** The snapshot that was asked for did not come: it is asked for again after a while. */
  public void liveSnapshotFailed() {
    Instant again = client.storeTime().plus(LIVE_AGAIN);
    liveAgain = Optional.of(again);
    due.by(again);
  }

  /** Why a snapshot must be read from the live database, as long as it must. */
  public Optional<String> liveSnapshotWanted() {
    return liveWish.filter(wish -> !newestSnapshot().isAfter(wish.newest())).map(LiveWish::reason);
  }

  /**
   * Does what is due, and comes back early when that is much.
   *
   * @throws Fenced when the replica is no longer ours; then there is nothing to do for ever
   * @throws TidewalException as the store answers; {@link #untilNext} says when to try again
   */
  public void run() {
    due.reset(Instant.MAX);
    wishLiveAgain();
    try {
      if (!listed) {
        ownership.acknowledged(); // what is listed before the claim would lack the claim
        list();
        listed = true;
      }
      steps();
      failures = 0;
    } catch (Fenced e) {
      due.reset(Instant.MAX);
      throw e;
    } catch (RuntimeException e) {
      due.by(client.storeTime().plus(backoff()));
      throw e;
    }
  }

  private void list() {
    changedSinceListing = false;
    compactor.list(index);
  }

  private void steps() {
    for (int i = 0; i < STEPS_IN_A_RUN; i++) {
      Step.Circumstances circumstances = circumstances();
      switch (Step.next(index, circumstances, settings)) {
        case Step.Copy copy -> copy(copy);
        case Step.Merge merge -> merge(merge);
        case Step.Snapshot snapshot -> snapshot(snapshot);
        case Step.ReadLive live -> lookOrWishLive(live.reason());
        case Step.Expire expire -> expire(expire.plan());
        case Step.Sleep sleep -> {
          retentionFrom.resetIf(circumstances.retentionFrom(), sleep.retentionFrom());
          if (!sleep.time().equals(Step.FOR_EVER)) {
            due.by(client.storeTime().plus(sleep.time()));
          }
          return;
        }
      }
    }
    due.by(client.storeTime());
  }

  private void copy(Step.Copy copy) {
    Instant start = clock.instant();
    tryTwice(
        copy.to(),
        List.of(copy.from()),
        () -> written(compactor.copy(copy.from(), copy.to()), 1, start));
  }

  private void merge(Step.Merge merge) {
    Instant start = clock.instant();
    tryTwice(
        merge.output(),
        names(merge.inputs()),
        () -> ended(compactor.merge(merge.output(), merge.inputs()), merge.inputs().size(), start));
  }

  private void snapshot(Step.Snapshot snapshot) {
    Instant start = clock.instant();
    tryTwice(
        snapshot.output(),
        names(snapshot.inputs()),
        () ->
            ended(
                compactor.snapshot(snapshot.output(), snapshot.inputs()),
                snapshot.inputs().size(),
                start));
  }

  private void ended(Compactor.Outcome outcome, int inputs, Instant start) {
    switch (outcome) {
      case Compactor.Outcome.Written written -> written(written.info(), inputs, start);
      case Compactor.Outcome.ReadLive live -> wishLive(live.reason());
      case Compactor.Outcome.Conflict conflict -> {
        index.add(conflict.present());
        goOnWithout(List.of(conflict.present().name()), conflict.reason());
      }
    }
  }

  private void expire(RetentionPlan plan) {
    retentionFrom.reset(client.storeTime().plus(GATHER_DELETES));
    tryTwice(
        plan.reliesOn().getFirst(),
        List.of(),
        () -> {
          compactor.delete(plan, index);
          listener.expired(plan.expired().size());
        });
  }

  private void written(ObjectInfo info, int inputs, Instant start) {
    index.add(info);
    retentionFrom.by(client.storeTime().plus(GATHER_DELETES));
    listener.merged(
        info.name(), inputs, info.sizeBytes(), Duration.between(start, clock.instant()));
  }

  /**
   * An object that is missing or broken makes us look once more, at the whole replica; if that does
   * not help, we go on without the objects concerned and say so, instead of trying for ever
   * (Litestream #1151, #1457).
   */
  private void tryTwice(LtxName output, List<LtxName> concerned, Runnable action) {
    try {
      action.run();
      doubted.remove(output);
    } catch (NotFound | Corrupt e) {
      if (doubted.add(output)) {
        list();
        return;
      }
      doubted.remove(output);
      goOnWithout(concerned, String.valueOf(e.getMessage()));
    }
  }

  /** These objects are left out; what they held comes with a snapshot of the live database. */
  private void goOnWithout(List<LtxName> names, String reason) {
    unusable.addAll(names);
    listener.problem(reason);
    if (!names.isEmpty() && liveSnapshotWanted().isEmpty()) {
      wishLive(reason);
    }
  }

  /** What is missing may be an object that nobody told us of: an upload whose answer was lost. */
  private void lookOrWishLive(String reason) {
    if (changedSinceListing) {
      list();
    } else {
      wishLive(reason);
    }
  }

  private void wishLiveAgain() {
    Optional<Instant> again = liveAgain;
    if (again.isEmpty()) {
      return;
    }
    if (again.get().isAfter(client.storeTime())) {
      due.by(again.get());
    } else {
      liveAgain = Optional.empty();
      liveWish = Optional.empty();
    }
  }

  private void wishLive(String reason) {
    liveWish = Optional.of(new LiveWish(newestSnapshot(), reason));
    listener.liveSnapshotWanted(reason);
  }

  private Step.Circumstances circumstances() {
    return new Step.Circumstances(
        clock.instant(),
        client.storeTime(),
        ownership.acknowledged(),
        ownership.branches(),
        Set.copyOf(unusable),
        liveWish.map(LiveWish::newest),
        retentionFrom.get());
  }

  private Txid newestSnapshot() {
    return index.newestSnapshot().map(object -> object.name().max()).orElse(Txid.ZERO);
  }

  private Duration backoff() {
    Duration next = FIRST_BACKOFF.multipliedBy(1L << Math.min(failures++, 10));
    return next.compareTo(MAX_BACKOFF) < 0 ? next : MAX_BACKOFF;
  }

  private static List<LtxName> names(List<LevelObject> objects) {
    return objects.stream().map(LevelObject::name).toList();
  }
}
