package dev.tidewal.compact;

import static dev.tidewal.compact.Objects.at;
import static dev.tidewal.compact.Objects.batch;
import static dev.tidewal.compact.Objects.claim;
import static dev.tidewal.compact.Objects.merged;
import static dev.tidewal.compact.Objects.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ObjectMetadata;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LevelIndexTest {
  private final LevelIndex index = new LevelIndex(CompactionSettings.DEFAULT);

  @Test
  void settledBatchesKeepTheirNamesAndAtLeastTheirAge() {
    index.add(snapshot(1, 0));
    LongStream.rangeClosed(2, 40).forEach(txid -> index.add(batch(txid, (double) txid)));
    index.add(merged(1, 2, 31, 32));

    assertThat(index.recent(0))
        .extracting(object -> object.name().max().value())
        .containsExactly(32L, 33L, 34L, 35L, 36L, 37L, 38L, 39L, 40L);
    List<LevelObject> batches =
        index.objects().stream().filter(object -> object.name().level() == 0).toList();
    assertThat(batches).hasSize(39);
    assertThat(batches)
        .allSatisfy(
            object -> assertThat(object.modified()).isAfterOrEqualTo(at((double) object.last())));
    assertThat(batches.getFirst().modified()).isBefore(at(62));
  }

  @Test
  void batchesWrittenFarApartDoNotShareAnAge() {
    index.add(batch(2, 0));
    index.add(batch(3, 600));
    index.add(merged(1, 2, 3, 630));

    assertThat(index.objects().getFirst().modified()).isEqualTo(at(0));
  }

  @Test
  void settledClaimsAreForgottenButNotTheirExistence() {
    index.add(claim(2, 0));
    index.add(batch(3, 0));
    assertThat(index.claimsForgotten()).isFalse();

    index.add(merged(1, 2, 3, 30));

    assertThat(index.claimsForgotten()).isTrue();
    assertThat(index.objects())
        .extracting(LevelObject::name)
        .doesNotContain(LtxName.batch(new Txid(2)));
  }

  @Test
  void removedObjectsLeaveFromWithinARange() {
    LongStream.rangeClosed(2, 9).forEach(txid -> index.add(batch(txid, 0)));
    index.add(merged(1, 2, 9, 30));

    index.remove(List.of(LtxName.batch(new Txid(2)), LtxName.batch(new Txid(5))));

    assertThat(index.objects())
        .filteredOn(object -> object.name().level() == 0)
        .extracting(LevelObject::last)
        .containsExactlyInAnyOrder(3L, 4L, 6L, 7L, 8L, 9L);
  }

  @Test
  void aListingReplacesWhatWasKnownBeforeIt() {
    index.add(batch(2, 0));
    index.add(batch(3, 0));
    LevelIndex.Listing listing = index.relist(0);
    listing.add(new ObjectInfo(LtxName.batch(new Txid(3)), 900, at(1), ObjectMetadata.UNKNOWN));
    index.add(batch(5, 0));
    listing.add(new ObjectInfo(LtxName.batch(new Txid(4)), 900, at(1), ObjectMetadata.UNKNOWN));
    listing.add(new ObjectInfo(LtxName.batch(new Txid(6)), 130, at(1), ObjectMetadata.UNKNOWN));
    listing.done();
    listing.close();

    assertThat(index.objects())
        .filteredOn(object -> object.name().level() == 0)
        .extracting(LevelObject::last)
        .containsExactlyInAnyOrder(3L, 4L, 5L);
  }

  @Test
  void oneYoungBatchStandsForTheOthersOfItsMinute() {
    index.add(snapshot(1, 0));
    for (long first = 2; first < 32; first += 10) {
      LongStream.range(first, first + 10).forEach(txid -> index.add(batch(txid, txid * 10.0)));
      index.add(merged(1, first, first + 9, first * 10.0 + 100));
    }

    assertThat(index.objects(at(115)))
        .filteredOn(object -> object.name().level() == 0)
        .extracting(LevelObject::last)
        .containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 18L, 24L, 30L, 31L);
  }

  @Test
  void batchesThatAreKeptForEverAreForgottenOnceTheyAreMerged() {
    CompactionSettings settings = CompactionSettings.DEFAULT;
    LevelIndex forEver =
        new LevelIndex(
            new CompactionSettings(
                settings.levels(),
                settings.snapshotInterval(),
                settings.retention(),
                CompactionSettings.FOR_EVER,
                settings.restoreGrace(),
                true,
                settings.writeMode()));
    LongStream.rangeClosed(2, 9).forEach(txid -> forEver.add(batch(txid, 0)));

    forEver.add(merged(1, 2, 8, 30));

    assertThat(forEver.objects()).extracting(LevelObject::last).containsExactly(9L, 8L);
  }

  @Test
  void objectsOfHigherLevelsSettleWithTheLevelAboveOrTheSnapshot() {
    index.add(merged(1, 2, 9, 0));
    index.add(merged(3, 2, 20, 0));
    index.add(merged(2, 2, 9, 0));
    assertThat(index.recent(1)).isEmpty();
    assertThat(index.recent(2)).isEmpty();
    assertThat(index.recent(3)).hasSize(1);

    index.add(snapshot(20, 0));

    assertThat(index.recent(3)).isEmpty();
    assertThat(index.highest(3)).isEqualTo(new Txid(20));
    assertThat(index.objects()).hasSize(4);
  }
}
