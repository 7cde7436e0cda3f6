package dev.tidewal.compact;

import static dev.tidewal.compact.Objects.at;
import static dev.tidewal.compact.Objects.batch;
import static dev.tidewal.compact.Objects.claim;
import static dev.tidewal.compact.Objects.merged;
import static dev.tidewal.compact.Objects.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.compact.CompactionPlan.Gap;
import dev.tidewal.compact.CompactionPlan.Merge;
import dev.tidewal.compact.CompactionPlan.Nothing;
import dev.tidewal.compact.CompactionPlan.Situation;
import dev.tidewal.compact.CompactionPlan.Wait;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CompactionPlanTest {
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final long ALL = 1_000_000;

  @Test
  void batchesOfOneIntervalBecomeOneObjectOnceTheIntervalIsOver() {
    List<LevelObject> batches = List.of(batch(2, 1), batch(3, 12), batch(4, 29.9));

    assertThat(plan(29.9, 1, 1, batches)).isEqualTo(new Wait(at(30)));
    assertThat(plan(30, 1, 1, batches)).isEqualTo(merge(1, 2, 4, batches));
  }

  @Test
  void aBatchOnTheBoundaryBelongsToTheIntervalThatBegins() {
    List<LevelObject> batches = List.of(batch(2, 1), batch(3, 30));

    assertThat(plan(31, 1, 1, batches)).isEqualTo(merge(1, 2, 2, batches.subList(0, 1)));
    assertThat(plan(31, 2, 1, batches)).isEqualTo(new Wait(at(60)));
  }

  @Test
  void afterAStallEveryIntervalGetsItsOwnObjectOldestFirst() {
    List<LevelObject> batches = List.of(batch(2, 1), batch(3, 40), batch(4, 50), batch(5, 95));

    assertThat(plan(4000, 1, 1, batches)).isEqualTo(merge(1, 2, 2, batches.subList(0, 1)));
    assertThat(plan(4000, 2, 1, batches)).isEqualTo(merge(1, 3, 4, batches.subList(1, 3)));
    assertThat(plan(4000, 4, 1, batches)).isEqualTo(merge(1, 5, 5, batches.subList(3, 4)));
    assertThat(plan(4000, 5, 1, batches)).isEqualTo(new Nothing());
  }

  @Test
  void aClaimAloneMakesNoObject() {
    assertThat(plan(4000, 8, 1, List.of(claim(9, 5), claim(10, 100)))).isEqualTo(new Nothing());
  }

  @Test
  void aClaimBecomesPartOfTheNextObjectThatHasPages() {
    List<LevelObject> batches = List.of(claim(9, 5), claim(10, 100), batch(11, 200));

    assertThat(plan(4000, 8, 1, batches)).isEqualTo(merge(1, 9, 11, batches));
  }

  @Test
  void aClaimBetweenBatchesOfOneIntervalIsMergedOver() {
    List<LevelObject> batches = List.of(batch(2, 1), claim(3, 2), batch(4, 3));

    assertThat(plan(30, 1, 1, batches)).isEqualTo(merge(1, 2, 4, batches));
  }

  @Test
  void whatWasNotAcknowledgedIsNotRead() {
    List<LevelObject> batches = List.of(batch(2, 1), batch(3, 2));

    assertThat(
            CompactionPlan.next(
                situation(1, 1, 1, batches, 2, List.of()), new PlanClock(at(30), true)))
        .isEqualTo(merge(1, 2, 2, batches.subList(0, 1)));
  }

  @Test
  void theFirstSnapshotIsNotCarriedThroughTheLevels() {
    List<LevelObject> batches = List.of(batch(1, 0), batch(2, 1));

    assertThat(plan(30, 0, 1, batches)).isEqualTo(merge(1, 2, 2, batches.subList(1, 2)));
  }

  @Test
  void anEmptyLevelBeginsAfterTheNewestSnapshot() {
    List<LevelObject> batches = List.of(batch(700, 0), batch(701, 1));

    assertThat(plan(30, 0, 700, batches)).isEqualTo(merge(1, 701, 701, batches.subList(1, 2)));
  }

  @Test
  void aGapStopsTheLevelAndIsNamed() {
    List<LevelObject> batches = List.of(batch(5, 0), batch(7, 1));

    assertThat(plan(30, 4, 1, batches)).isEqualTo(merge(1, 5, 5, batches.subList(0, 1)));
    assertThat(plan(30, 5, 1, batches)).isEqualTo(new Gap(new Txid(5), batches.get(1).name()));
    assertThat(plan(30, 0, 0, batches)).isEqualTo(new Gap(Txid.ZERO, batches.getFirst().name()));
  }

  @Test
  void aGapThatASnapshotCoversIsPassedOver() {
    List<LevelObject> batches = List.of(batch(5, 0), batch(9, 1));

    assertThat(plan(30, 5, 8, batches)).isEqualTo(merge(1, 9, 9, batches.subList(1, 2)));
  }

  @Test
  void oldClaimsBeforeACoveredGapAreLeftBehind() {
    List<LevelObject> batches = List.of(claim(3, 0), claim(7, 0), batch(20, 1));

    assertThat(plan(30, 2, 19, batches)).isEqualTo(merge(1, 20, 20, batches.subList(2, 3)));
  }

  @Test
  void overlappingInputsOfAnotherProgramAreTakenByTheLongestStep() {
    List<LevelObject> below =
        List.of(merged(1, 2, 4, 0), merged(1, 2, 9, 1), merged(1, 5, 7, 2), merged(1, 8, 12, 3));

    CompactionPlan plan =
        CompactionPlan.next(
            new Situation(2, INTERVAL, below, new Txid(1), new Txid(1), new Txid(ALL), List.of()),
            new PlanClock(at(60), true));

    assertThat(plan).isEqualTo(merge(2, 2, 12, List.of(below.get(1), below.get(3))));
  }

  @Test
  void noObjectGoesAcrossAProtectedEnd() {
    List<LevelObject> batches = List.of(batch(2, 1), batch(3, 2), claim(4, 3), batch(5, 4));

    CompactionPlan before =
        CompactionPlan.next(
            situation(1, 1, 1, batches, ALL, List.of(new Txid(3))), new PlanClock(at(30), true));
    CompactionPlan after =
        CompactionPlan.next(
            situation(1, 3, 1, batches, ALL, List.of(new Txid(3))), new PlanClock(at(30), true));

    assertThat(before).isEqualTo(merge(1, 2, 3, batches.subList(0, 2)));
    assertThat(after).isEqualTo(merge(1, 4, 5, batches.subList(2, 4)));
  }

  @Test
  void aMergeTakesNoMoreInputsThanMemoryAllows() {
    List<LevelObject> large =
        LongStream.range(2, 402)
            .mapToObj(txid -> object(LtxName.batch(new Txid(txid)), 1 << 20, 1))
            .toList();

    CompactionPlan plan = plan(30, 1, 1, large);

    assertThat(plan).isEqualTo(merge(1, 2, 41, large.subList(0, 40)));
  }

  @Test
  void aTimestampFromTheFarFutureDoesNotHoldTheLevelUp() {
    LevelObject fromTheFuture =
        new LevelObject(LtxName.batch(new Txid(2)), 4096, at(1e9), at(0), OptionalLong.empty());

    assertThat(plan(290, 1, 1, List.of(fromTheFuture))).isEqualTo(new Wait(at(330)));
    assertThat(plan(330, 1, 1, List.of(fromTheFuture))).isInstanceOf(Merge.class);
  }

  @Test
  void aWrongLocalClockIsNotUsed() {
    LevelObject wrong =
        new LevelObject(LtxName.batch(new Txid(2)), 4096, at(-1e6), at(5), OptionalLong.empty());
    Situation situation = situation(1, 1, 1, List.of(wrong), ALL, List.of());

    assertThat(CompactionPlan.next(situation, PlanClock.of(at(-1e6), at(29))))
        .isEqualTo(new Wait(at(30)));
    assertThat(CompactionPlan.next(situation, PlanClock.of(at(-1e6), at(30))))
        .isInstanceOf(Merge.class);
  }

  private static CompactionPlan plan(
      double now, long merged, long snapshot, List<LevelObject> below) {
    return CompactionPlan.next(
        situation(1, merged, snapshot, below, ALL, List.of()), new PlanClock(at(now), true));
  }

  private static Situation situation(
      int level,
      long merged,
      long snapshot,
      List<LevelObject> below,
      long acknowledged,
      List<Txid> cuts) {
    return new Situation(
        level, INTERVAL, below, new Txid(merged), new Txid(snapshot), new Txid(acknowledged), cuts);
  }

  private static Merge merge(int level, long first, long last, List<LevelObject> inputs) {
    return new Merge(new LtxName(level, new Txid(first), new Txid(last)), inputs);
  }
}
