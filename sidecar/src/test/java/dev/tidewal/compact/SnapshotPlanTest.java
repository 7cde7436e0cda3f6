package dev.tidewal.compact;

import static dev.tidewal.compact.Objects.at;
import static dev.tidewal.compact.Objects.batch;
import static dev.tidewal.compact.Objects.claim;
import static dev.tidewal.compact.Objects.merged;
import static dev.tidewal.compact.Objects.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.compact.SnapshotPlan.Copy;
import dev.tidewal.compact.SnapshotPlan.Merge;
import dev.tidewal.compact.SnapshotPlan.Nothing;
import dev.tidewal.compact.SnapshotPlan.ReadLive;
import dev.tidewal.compact.SnapshotPlan.Wait;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotPlanTest {
  private static final double DAY = 86_400;

  @Test
  void theFirstBatchIsCopiedAtOnce() {
    LevelObject first = batch(1, 0);

    assertThat(plan(1, first)).isEqualTo(new Copy(first, LtxName.snapshot(new Txid(1))));
    assertThat(plan(1, first, snapshot(1, 1))).isEqualTo(new Nothing());
  }

  @Test
  void aFullSnapshotThatReplacesALostReplicaIsCopiedToo() {
    LevelObject full = merged(0, 1, 500, 9);

    assertThat(plan(10, snapshot(1, 0), full))
        .isEqualTo(new Copy(full, LtxName.snapshot(new Txid(500))));
  }

  @Test
  void laterOnesAreMergedFromTheLastOneAndTheLevelsADayAfterIt() {
    LevelObject last = snapshot(1, 0);
    LevelObject l3 = merged(3, 2, 100, 3600);
    LevelObject l2 = merged(2, 101, 110, 3900);
    LevelObject l1 = merged(1, 111, 112, 3930);
    LevelObject[] all = {
      last, l3, merged(2, 2, 100, 3600), merged(1, 101, 110, 3900), l2, l1, batch(113, 3931)
    };

    assertThat(plan(DAY - 1, all)).isEqualTo(new Wait(at(DAY)));
    assertThat(plan(DAY, all))
        .isEqualTo(new Merge(LtxName.snapshot(new Txid(112)), List.of(last, l3, l2, l1)));
  }

  @Test
  void claimsAreNoChange() {
    assertThat(plan(9 * DAY, snapshot(7, 0), claim(8, DAY), batch(7, 0))).isEqualTo(new Nothing());
  }

  @Test
  void aChangeWaitsUntilItIsPartOfALevel() {
    assertThat(plan(9 * DAY, snapshot(7, 0), batch(8, DAY))).isEqualTo(new Nothing());
  }

  @Test
  void withoutAWayThroughTheLevelsTheDatabaseIsReadLive() {
    assertThat(plan(DAY, snapshot(1, 0), merged(1, 2, 5, 0), merged(1, 7, 9, 0)))
        .isEqualTo(new ReadLive("objects are missing after TXID 0000000000000005"));
    assertThat(plan(DAY, merged(1, 7, 9, 0)))
        .isEqualTo(new ReadLive("there is no snapshot to begin with"));
  }

  @Test
  void aChainWithoutALevel9BeginsWithTheObjectThatIsASnapshot() {
    LevelObject fromOne = merged(1, 1, 5, 0);
    LevelObject next = merged(1, 6, 9, 0);

    assertThat(plan(1, fromOne, next))
        .isEqualTo(new Merge(LtxName.snapshot(new Txid(9)), List.of(fromOne, next)));
  }

  @Test
  void whatWasNotAcknowledgedIsNotRead() {
    LevelObject last = snapshot(1, 0);
    LevelObject known = merged(1, 2, 5, 0);

    SnapshotPlan plan =
        SnapshotPlan.next(
            List.of(last, known, merged(1, 6, 9, 0)),
            new Txid(8),
            CompactionSettings.DEFAULT,
            at(DAY));

    assertThat(plan).isEqualTo(new Merge(LtxName.snapshot(new Txid(5)), List.of(last, known)));
  }

  private static SnapshotPlan plan(double second, LevelObject... objects) {
    return SnapshotPlan.next(
        List.of(objects), new Txid(1_000_000), CompactionSettings.DEFAULT, at(second));
  }
}
