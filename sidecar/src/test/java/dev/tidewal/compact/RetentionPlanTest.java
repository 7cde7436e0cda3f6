package dev.tidewal.compact;

import static dev.tidewal.compact.Objects.at;
import static dev.tidewal.compact.Objects.batch;
import static dev.tidewal.compact.Objects.claim;
import static dev.tidewal.compact.Objects.merged;
import static dev.tidewal.compact.Objects.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.compact.RetentionPlan.Situation;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetentionPlanTest {
  private static final CompactionSettings SETTINGS = CompactionSettings.DEFAULT;
  private static final double BATCH_AGE = 3600 + 900;
  private static final double WINDOW_AGE = 86_400 + 900;
  private static final long ALL = 1_000_000;

  private final List<LevelObject> objects = new ArrayList<>();

  @Test
  void aBatchGoesWhenItsTimeIsOverAndL1HoldsIt() {
    LevelObject old = add(batch(2, 0));
    add(batch(3, 0));
    add(merged(1, 2, 2, 30));

    assertThat(expiredAt(BATCH_AGE - 1)).isEmpty();
    assertThat(expiredAt(BATCH_AGE)).containsExactly(old.name());
  }

  @Test
  void aBatchThatNoLevelHoldsStays() {
    add(batch(2, 0));
    add(batch(3, 0));
    add(merged(2, 2, 2, 30));

    assertThat(expiredAt(10 * BATCH_AGE)).isEmpty();
  }

  @Test
  void theNewestBatchAndEveryClaimStayForEver() {
    add(claim(2, 0));
    LevelObject pages = add(batch(3, 0));
    add(claim(4, 0));
    add(batch(5, 0));
    add(merged(1, 2, 5, 30));
    add(snapshot(5, 60));

    assertThat(expiredAt(100 * WINDOW_AGE)).containsExactly(pages.name());
  }

  @Test
  void theFirstSnapshotGoesFromL0OnceItWasCopied() {
    LevelObject first = add(batch(1, 0));
    add(batch(2, 0));

    assertThat(expiredAt(10 * BATCH_AGE)).isEmpty();
    add(snapshot(1, 1));
    assertThat(expiredAt(10 * BATCH_AGE)).containsExactly(first.name());
  }

  @Test
  void theNewestSnapshotOlderThanTheWindowStaysAndWhatItReplacesGoes() {
    LevelObject oldest = add(snapshot(1, 0));
    LevelObject before = add(merged(1, 2, 50, 10));
    LevelObject upTo = add(merged(3, 2, 100, 20));
    add(snapshot(100, 30));
    add(merged(1, 51, 101, 40));
    add(snapshot(200, 86_400));
    add(batch(201, 0));

    assertThat(expiredAt(30 + WINDOW_AGE - 1)).isEmpty();
    assertThat(expiredAt(30 + WINDOW_AGE))
        .containsExactly(before.name(), upTo.name(), oldest.name());
  }

  @Test
  void aSingleSnapshotStaysHoweverOldItIs() {
    add(snapshot(1, 0));
    add(batch(1, 0));

    assertThat(expiredAt(1e9)).isEmpty();
  }

  @Test
  void whatWasNotAcknowledgedIsNotTouched() {
    add(batch(2, 0));
    add(batch(3, 0));
    add(merged(1, 2, 3, 30));
    add(snapshot(3, 30));

    Situation situation = new Situation(objects, new Txid(1), List.of(), false, Set.of());

    assertThat(RetentionPlan.at(at(1e9), situation, SETTINGS).expired()).isEmpty();
  }

  @Test
  void aProtectedBranchStaysRestorableUntilItsTimeIsOver() {
    LevelObject base = add(snapshot(1, 0));
    LevelObject way = add(merged(1, 2, 10, 10));
    LevelObject beyond = add(merged(1, 11, 20, 20));
    add(snapshot(20, 30));
    add(batch(21, 30));
    ProtectedBranch branch = new ProtectedBranch(new Txid(10), at(10 * WINDOW_AGE));

    assertThat(expiredAt(5 * WINDOW_AGE, branch)).containsExactly(beyond.name());
    assertThat(expiredAt(10 * WINDOW_AGE, branch))
        .containsExactlyInAnyOrder(base.name(), way.name(), beyond.name());
  }

  @Test
  void aBranchKeepsItsBatchesWhenAMergedObjectGoesBeyondItsEnd() {
    add(snapshot(1, 0));
    add(batch(2, 0));
    add(batch(3, 0));
    LevelObject after = add(batch(4, 0));
    add(batch(5, 0));
    add(merged(1, 2, 4, 30));
    ProtectedBranch branch = new ProtectedBranch(new Txid(3), at(1e9));

    assertThat(expiredAt(BATCH_AGE, branch)).containsExactly(after.name());
  }

  @Test
  void theNewestObjectOfL1StaysWhileThereAreClaims() {
    LevelObject older = add(merged(1, 2, 3, 0));
    LevelObject newest = add(merged(1, 4, 9, 0));
    LevelObject l2 = add(merged(2, 2, 9, 0));
    add(snapshot(9, 0));
    add(batch(9, 0));

    assertThat(expiredAt(WINDOW_AGE)).containsExactly(older.name(), newest.name(), l2.name());
    add(claim(5, 0));
    assertThat(expiredAt(WINDOW_AGE)).containsExactly(older.name(), l2.name());
  }

  @Test
  void thePlanNamesWhatItReliesOn() {
    add(batch(2, 0));
    add(batch(3, 0));
    LevelObject l1 = add(merged(1, 2, 2, 30));
    LevelObject l2 = add(merged(2, 2, 2, 30));

    RetentionPlan plan = RetentionPlan.at(at(BATCH_AGE), situation(), SETTINGS);

    assertThat(l1.name()).isNotEqualTo(l2.name());
    assertThat(plan.reliesOn()).containsExactly(l2.name());
  }

  @Test
  void batchesThatAreKeptForEverKeepTheSnapshotThatTheyLeadOnFrom() {
    LevelObject oldest = add(snapshot(1, 0));
    add(batch(2, 0));
    LevelObject l1 = add(merged(1, 2, 2, 30));
    LevelObject between = add(snapshot(2, 60));
    add(batch(3, 90));
    add(snapshot(3, 120));
    CompactionSettings forEver =
        new CompactionSettings(
            SETTINGS.levels(),
            SETTINGS.snapshotInterval(),
            SETTINGS.retention(),
            CompactionSettings.FOR_EVER,
            SETTINGS.restoreGrace(),
            true,
            SETTINGS.writeMode());

    assertThat(RetentionPlan.at(at(100 * WINDOW_AGE), situation(), forEver).expired())
        .containsExactlyInAnyOrder(l1.name(), between.name())
        .doesNotContain(oldest.name());
  }

  @Test
  void aBrokenObjectReplacesNothingAndGoesWithTheRest() {
    LevelObject broken = add(merged(1, 2, 2, 30));
    LevelObject batch = add(batch(2, 0));
    add(batch(3, 0));
    Situation doubtful =
        new Situation(objects, new Txid(ALL), List.of(), false, Set.of(broken.name()));

    assertThat(RetentionPlan.at(at(BATCH_AGE), doubtful, SETTINGS).expired()).isEmpty();
    add(snapshot(2, 0));
    doubtful = new Situation(objects, new Txid(ALL), List.of(), false, Set.of(broken.name()));

    assertThat(RetentionPlan.at(at(WINDOW_AGE), doubtful, SETTINGS).expired())
        .containsExactly(broken.name(), batch.name());
  }

  @Test
  void theNextTurnIsWhenSomethingReallyExpires() {
    add(snapshot(1, 0));
    add(batch(2, 100));
    add(batch(3, 200));
    add(merged(1, 2, 3, 210));

    assertThat(next(300)).contains(at(100 + BATCH_AGE));
    objects.remove(1);
    assertThat(next(300)).isEmpty();
    add(snapshot(3, 400));
    assertThat(next(500)).contains(at(400 + WINDOW_AGE));
  }

  private LevelObject add(LevelObject object) {
    objects.add(object);
    return object;
  }

  private Situation situation(ProtectedBranch... branches) {
    return new Situation(objects, new Txid(ALL), List.of(branches), false, Set.of());
  }

  private List<LtxName> expiredAt(double second, ProtectedBranch... branches) {
    return RetentionPlan.at(at(second), situation(branches), SETTINGS).expired().stream()
        .sorted(Comparator.comparingInt(LtxName::level))
        .toList();
  }

  private Optional<Instant> next(double second) {
    return RetentionPlan.next(at(second), situation(), SETTINGS);
  }
}
