package dev.tidewal.compact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories of several days: bursts, idle hours, clocks that jump, restarts, other owners,
 * stalls. Whatever happened, what should be restorable is. A failure names its seed.
 */
class PlansOverTimeTest {
  private static final CompactionSettings SETTINGS = CompactionSettings.DEFAULT;

  /** Neighbouring seeds of {@link Random} begin alike. */
  private static final long SCRAMBLE = 0x9e3779b97f4a7c15L;

  private static final Duration DAYS = Duration.ofDays(4);
  private static final List<CompactionSettings> SOME_SETTINGS =
      List.of(
          SETTINGS,
          SETTINGS,
          settings(Duration.ofHours(6), Duration.ofHours(24), Duration.ofHours(70)),
          settings(Duration.ofHours(2), Duration.ofHours(3), Duration.ZERO));

  static LongStream seeds() {
    long base = Long.getLong("compact.seed", 20_261_120);
    return LongStream.range(base, base + Integer.getInteger("compact.rounds", 8));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void withGoodClocksEveryStepOfTheWindowIsRestorableAtAnyTime(long seed) {
    Life life = new Life(seed, false);

    life.live();

    assertThat(life.replica.livesAsked).isZero();
    life.endsWithOneSnapshotAndHead();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void withJumpingClocksNothingIsLostEither(long seed) {
    Life life = new Life(seed, true);

    life.live();

    assertThat(life.replica.livesAsked).isZero();
    life.endsWithOneSnapshotAndHead();
  }

  @Test
  void anIdleReplicaKeepsTwoObjectsInMemoryAndAsksForNothing() {
    ReplicaModel replica = new ReplicaModel(SETTINGS, Objects.START);
    replica.write();
    replica.run();
    long requests = replica.requests;

    replica.now = replica.now.plus(Duration.ofDays(30));

    assertThat(replica.run()).isEqualTo(Step.FOR_EVER);
    assertThat(requests).isEqualTo(1);
    assertThat(replica.requests).isEqualTo(1);
    assertThat(replica.knownObjects()).isEqualTo(2);
  }

  @Test
  void aLiveSnapshotGetsTheLevelsGoingAgainAfterALoss() {
    ReplicaModel replica = new ReplicaModel(SETTINGS, Objects.START);
    for (int i = 0; i < 10; i++) {
      replica.write();
    }
    replica.lose(LtxName.batch(new Txid(6)));
    replica.restart();
    replica.now = replica.now.plusSeconds(60);
    replica.run();
    assertThat(replica.livesAsked).isEqualTo(1);

    replica.liveSnapshot();
    replica.write();
    replica.now = replica.now.plusSeconds(60);
    replica.run();

    assertThat(replica.livesAsked).isEqualTo(1);
    assertThat(replica.store).containsKey(new LtxName(1, new Txid(11), new Txid(11)));
  }

  private static CompactionSettings settings(
      Duration snapshotInterval, Duration retention, Duration batchRetention) {
    return new CompactionSettings(
        List.of(Duration.ofSeconds(30), Duration.ofMinutes(7), Duration.ofMinutes(40)),
        snapshotInterval,
        retention,
        batchRetention,
        Duration.ofMinutes(15),
        true,
        SETTINGS.writeMode());
  }

  /** One history. */
  private static final class Life {
    private final Random random;
    private final boolean wildClocks;
    private final CompactionSettings settings;
    private final ReplicaModel replica;
    private final Instant end;

    Life(long seed, boolean wildClocks) {
      this.random = new Random(seed * SCRAMBLE);
      this.wildClocks = wildClocks;
      this.settings = SOME_SETTINGS.get(Math.floorMod(seed, SOME_SETTINGS.size()));
      this.replica = new ReplicaModel(settings, Objects.START.plusSeconds(random.nextInt(86_400)));
      this.end = replica.now.plus(DAYS);
    }

    void live() {
      replica.write();
      while (replica.now.isBefore(end)) {
        switch (random.nextInt(12)) {
          case 0 -> idle(Duration.ofMinutes(random.nextInt(1, 900)));
          case 1 -> stall();
          case 2 -> otherOwner();
          case 3 -> replica.skew = newSkew();
          case 4, 5 -> burst();
          default -> steady();
        }
        check();
      }
    }

    private void steady() {
      int step = random.nextInt(1, 600);
      for (int i = random.nextInt(1, 60); i > 0; i--) {
        replica.write();
        idle(Duration.ofSeconds(step));
      }
    }

    private void burst() {
      for (int i = random.nextInt(1, 200); i > 0; i--) {
        replica.write();
        replica.now = replica.now.plusMillis(random.nextInt(1000));
      }
      replica.run();
    }

    /** Nothing is compacted while this goes on: a store that is slow, a process that is stuck. */
    private void stall() {
      for (int i = random.nextInt(1, 100); i > 0; i--) {
        replica.write();
        replica.now = replica.now.plusSeconds(random.nextInt(1, 300));
      }
    }

    private void otherOwner() {
      if (random.nextInt(4) == 0) {
        replica.branches.add(
            new ProtectedBranch(
                new Txid(replica.head), replica.now.plus(Duration.ofHours(random.nextInt(1, 60)))));
      }
      replica.skew = newSkew();
      replica.claim();
      replica.restart();
    }

    private Duration newSkew() {
      if (!wildClocks) {
        return Duration.ZERO;
      }
      return switch (random.nextInt(4)) {
        case 0 -> Duration.ZERO;
        case 1 -> Duration.ofDays(random.nextInt(-400, 400));
        default -> Duration.ofSeconds(random.nextInt(-600, 600));
      };
    }

    /** Lets time pass; compaction runs when it said it would. */
    private void idle(Duration time) {
      Instant until = replica.now.plus(time);
      while (true) {
        Duration sleep = replica.run();
        if (sleep.compareTo(Duration.between(replica.now, until)) > 0) {
          replica.now = until;
          return;
        }
        assertThat(sleep).isPositive();
        replica.now = replica.now.plus(sleep);
      }
    }

    private void check() {
      replica.run();
      long requests = replica.requests;
      replica.run();
      assertThat(replica.requests)
          .as("a second run at the same time does nothing")
          .isEqualTo(requests);

      Reachability ends = new Reachability(replica.store.keySet());
      assertThat(ends.has(replica.head)).as("head").isTrue();
      replica.claims.forEach(
          claim -> assertThat(replica.store).containsKey(LtxName.batch(new Txid(claim))));
      replica.branches.stream()
          .filter(branch -> branch.until().isAfter(replica.now))
          .forEach(branch -> assertThat(ends.has(branch.end().value())).as("%s", branch).isTrue());
      checkBatches(ends);
      checkThatNothingLingers();
      checkSteps(ends);
      Peer.continuesFrom(replica.store.keySet());
      assertThat(Peer.restores(replica.store.keySet())).isEqualTo(replica.head);
    }

    /** Deletes are gathered for five minutes, and batches of one minute share their age. */
    private void checkThatNothingLingers() {
      idle(Duration.ofMinutes(6));
      Instant late = replica.now.minus(Duration.ofMinutes(7));
      Instant floorTime = late.minus(RetentionPlan.windowAge(settings));
      Instant batchTime = late.minus(RetentionPlan.batchAge(settings));
      long floor =
          replica.store.values().stream()
              .filter(object -> object.name().level() == 9 && object.modified().isBefore(floorTime))
              .mapToLong(LevelObject::last)
              .max()
              .orElse(0);
      long merged =
          replica.store.keySet().stream()
              .filter(name -> name.level() == 1)
              .mapToLong(name -> name.max().value())
              .max()
              .orElse(0);
      boolean anything = replica.branches.stream().noneMatch(b -> b.until().isAfter(late));
      assertThat(replica.store.values())
          .filteredOn(object -> anything && !object.isClaim() && !wasHead(object.last(), late))
          .filteredOn(object ->
              switch (object.name().level()) {
                case 0 ->
                    !settings.batchesOutliveSteps()
                        && object.modified().isBefore(batchTime)
                        && object.last() <= merged;
                case 9 -> !settings.batchesOutliveSteps() && object.last() < floor;
                default -> object.last() <= floor && object.last() != merged;
              })
          .as("expired at %s", replica.now)
          .isEmpty();
    }

    private boolean wasHead(long txid, Instant at) {
      LevelObject next = replica.history.get(txid + 1);
      return next == null || next.modified().isAfter(at);
    }

    private void checkBatches(Reachability ends) {
      Instant from = replica.now.minus(settings.batchRetention());
      replica.history.forEach((txid, object) -> {
        if (object.modified().isAfter(from)) {
          assertThat(ends.has(txid)).as("batch %s of the last hour", txid).isTrue();
        }
      });
    }

    /** Between two restorable states lie no two batches with pages more than a step apart. */
    private void checkSteps(Reachability ends) {
      Instant from = replica.now.minus(settings.retention());
      long txid = replica.head;
      while (txid > 0) {
        long before = ends.atOrBefore(txid - 1);
        List<LevelObject> between =
            LongStream.rangeClosed(before + 1, txid)
                .mapToObj(replica.history::get)
                .filter(object -> !object.isClaim())
                .toList();
        if (!between.isEmpty()) {
          LevelObject last = between.getLast();
          if (last.modified().isBefore(from)) {
            return;
          }
          assertThat(spread(between))
              .as("batches %s to %s", before + 1, txid)
              .isLessThanOrEqualTo(settings.interval(1).plus(slack()));
        }
        txid = before;
      }
    }

    /** With good clocks none. A restart knows store times alone, a jump mixes two clocks. */
    private Duration slack() {
      return wildClocks ? PlanClock.MAX_SKEW.multipliedBy(2) : Duration.ZERO;
    }

    private static Duration spread(List<LevelObject> batches) {
      Duration byStore = spread(batches, LevelObject::modified);
      Duration byTimestamp = spread(batches, LevelObject::timestamp);
      return byStore.compareTo(byTimestamp) < 0 ? byStore : byTimestamp;
    }

    private static Duration spread(List<LevelObject> batches, Function<LevelObject, Instant> time) {
      return Duration.between(time.apply(batches.getFirst()), time.apply(batches.getLast()));
    }

    void endsWithOneSnapshotAndHead() {
      replica.branches.clear();
      replica.skew = Duration.ZERO;
      replica.write();
      idle(Duration.ofDays(6));
      assertThat(replica.run()).isEqualTo(Step.FOR_EVER);

      Map<Integer, Long> counts =
          replica.store.keySet().stream()
              .collect(Collectors.groupingBy(LtxName::level, Collectors.counting()));
      assertThat(replica.store).containsKey(LtxName.snapshot(new Txid(replica.head)));
      assertThat(counts.remove(9)).isEqualTo(1);
      assertThat(counts.remove(0)).isEqualTo(replica.claims.size() + 1);
      assertThat(counts).isEqualTo(replica.claims.isEmpty() ? Map.of() : Map.of(1, 1L));
      assertThat(replica.knownObjects()).isLessThanOrEqualTo(3);

      replica.restart();
      assertThat(replica.run()).as("a restart has nothing to do").isEqualTo(Step.FOR_EVER);
    }
  }
}
