package dev.tidewal.restore;

import static dev.tidewal.restore.History.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.TidewalException.NothingToRestore;
import dev.tidewal.core.TidewalException.Refused;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ObjectMetadata;
import dev.tidewal.restore.RestoreTarget.AtTime;
import dev.tidewal.restore.RestoreTarget.AtTxid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestorePlanTest {
  @Test
  void latestStartsAtTheNewestSnapshotAndTakesTheLongestStrides() {
    List<ObjectInfo> listing =
        listing(
            name(9, 1, 10),
            name(9, 1, 20),
            name(3, 1, 25),
            name(2, 21, 30),
            name(1, 21, 25),
            name(1, 26, 30),
            name(0, 30, 30),
            name(0, 31, 31),
            name(0, 32, 32));

    RestorePlan plan = ready(listing, RestoreTarget.LATEST);

    assertThat(names(plan))
        .containsExactly(name(3, 1, 25), name(2, 21, 30), name(0, 31, 31), name(0, 32, 32));
    assertThat(plan.reached()).isEqualTo(new Txid(32));
    assertThat(plan.boundary()).isEmpty();
  }

  @Test
  void amongEqualStridesTheEarlierStartAndThenTheHigherLevelWins() {
    List<ObjectInfo> listing =
        listing(name(9, 1, 5), name(0, 1, 5), name(1, 4, 9), name(2, 6, 9), name(3, 4, 9));

    assertThat(names(ready(listing, RestoreTarget.LATEST)))
        .containsExactly(name(9, 1, 5), name(3, 4, 9));
  }

  @Test
  void latestIsRefusedWhenAnyLevelHasAnObjectBeyondAGap() {
    List<ObjectInfo> listing = listing(name(9, 1, 10), name(0, 11, 11), name(0, 14, 14));

    PlanResult result = RestorePlan.decide(listing, RestoreTarget.LATEST);

    assertThatThrownBy(() -> result.orThrow("file:///r"))
        .isInstanceOf(Refused.class)
        .hasMessage(
            "file:///r: TXIDs 000000000000000c to 000000000000000d are missing, between "
                + name(0, 11, 11)
                + " and "
                + name(0, 14, 14)
                + "; restore --txid 000000000000000b or from another destination of this"
                + " database");
  }

  @Test
  void withoutAnySnapshotNothingIsMadeUp() {
    PlanResult result = RestorePlan.decide(listing(name(0, 7, 7)), RestoreTarget.LATEST);

    assertThatThrownBy(() -> result.orThrow("file:///r"))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("there is no snapshot before " + name(0, 7, 7));
  }

  @Test
  void anEmptyReplicaHasNothingToRestore() {
    assertThatThrownBy(
            () -> RestorePlan.decide(List.of(), RestoreTarget.LATEST).orThrow("file:///r"))
        .isInstanceOf(NothingToRestore.class);
  }

  @Test
  void aTxidInsideACompactedRangeGoesToTheNearestEarlierBoundaryAndSaysSo() {
    List<ObjectInfo> listing =
        listing(name(9, 1, 10), name(1, 11, 15), name(1, 16, 20), name(0, 20, 20));

    RestorePlan plan = ready(listing, new AtTxid(new Txid(18)));

    assertThat(plan.reached()).isEqualTo(new Txid(15));
    assertThat(plan.boundary()).contains(new Boundary(new Txid(15), new Txid(18), name(1, 16, 20)));
  }

  @Test
  void aTxidInsideAGapIsRefused() {
    List<ObjectInfo> listing = listing(name(9, 1, 10), name(0, 14, 14));

    assertThat(RestorePlan.decide(listing, new AtTxid(new Txid(12))))
        .isInstanceOf(PlanResult.Gap.class);
  }

  @Test
  void aTxidBeyondTheNewestIsRefused() {
    assertThat(RestorePlan.decide(listing(name(9, 1, 10)), new AtTxid(new Txid(11))))
        .isEqualTo(new PlanResult.Beyond(new Txid(11), new Txid(10)));
  }

  @Test
  void aTxidOlderThanTheOldestSnapshotHasNothingToRestore() {
    assertThat(RestorePlan.decide(listing(name(9, 1, 10)), new AtTxid(new Txid(9))))
        .isInstanceOf(PlanResult.Nothing.class);
  }

  @Test
  void aGapBehindTheTargetDoesNotMatter() {
    List<ObjectInfo> listing = listing(name(9, 1, 10), name(0, 11, 11), name(0, 14, 14));

    assertThat(ready(listing, new AtTxid(new Txid(11))).reached()).isEqualTo(new Txid(11));
  }

  @Test
  void aTimeNeverBringsAnythingNewer() {
    List<ObjectInfo> listing =
        listing(name(9, 1, 10), name(1, 11, 15), name(0, 14, 14), name(0, 15, 15));

    RestorePlan plan = ready(listing, new AtTime(History.timeOf(new Txid(14)).plusMillis(999)));

    assertThat(names(plan)).containsExactly(name(9, 1, 10));
    assertThat(plan.boundary()).contains(new Boundary(new Txid(10), new Txid(14), name(1, 11, 15)));
  }

  @Test
  void aTimeWithAGapBeforeItIsRefused() {
    List<ObjectInfo> listing = listing(name(9, 1, 10), name(0, 12, 12), name(0, 13, 13));

    assertThat(RestorePlan.decide(listing, new AtTime(History.timeOf(new Txid(12)))))
        .isInstanceOf(PlanResult.Gap.class);
  }

  @Test
  void aTimeBeforeTheOldestSnapshotHasNothingToRestore() {
    assertThat(RestorePlan.decide(listing(name(9, 1, 10)), new AtTime(Instant.EPOCH)))
        .isInstanceOf(PlanResult.Nothing.class);
  }

  @Test
  void aCompactedRangeThatBeginsInsideAnotherIsASuspicion() {
    List<ObjectInfo> listing = listing(name(9, 1, 10), name(1, 11, 25), name(1, 21, 30));

    assertThat(ready(listing, RestoreTarget.LATEST).suspicion())
        .hasValueSatisfying(split -> assertThat(split.lastCommon()).isEqualTo(new Txid(10)));
  }

  @Test
  void aCompactionRepeatedAfterACrashIsNone() {
    List<ObjectInfo> listing =
        listing(name(9, 1, 10), name(1, 11, 20), name(1, 11, 25), name(1, 26, 30));

    assertThat(ready(listing, RestoreTarget.LATEST).suspicion()).isEmpty();
  }

  /** Brute force: every state that any sequence of objects leads to. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void randomListingsAreReadAsFarAsAnySequenceOfObjectsLeads(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      List<ObjectInfo> listing = randomListing(random);
      Txid target = new Txid(1 + random.nextInt(40));

      PlanResult result = RestorePlan.decide(listing, new AtTxid(target));

      Set<Txid> within = reachable(listing, target);
      Txid best = within.stream().max(Txid::compareTo).orElse(Txid.ZERO);
      Set<Txid> all = reachable(listing, new Txid(1_000));
      boolean continuous = all.stream().anyMatch(txid -> !txid.isBefore(target));
      assertThat(result)
          .as("seed %d round %d target %s listing %s", seed, round, target, listing)
          .satisfies(found -> {
            switch (found) {
              case PlanResult.Ready ready -> {
                assertThat(ready.plan().reached()).isEqualTo(best);
                assertThat(continuous).isTrue();
                assertThat(ready.plan().boundary().isPresent()).isEqualTo(best.isBefore(target));
                assertConnected(ready.plan());
              }
              case PlanResult.Nothing nothing ->
                  assertThat(best.isZero() && (continuous || listing.isEmpty())).isTrue();
              case PlanResult.Gap gap -> {
                assertThat(continuous).isFalse();
                Txid furthest = all.stream().max(Txid::compareTo).orElse(Txid.ZERO);
                assertThat(gap.missing().from()).isEqualTo(furthest.next());
              }
              case PlanResult.Beyond beyond -> assertThat(continuous).isFalse();
            }
          });
    }
  }

  private static void assertConnected(RestorePlan plan) {
    Txid reached = Txid.ZERO;
    for (LtxName name : names(plan)) {
      assertThat(name.min().isAfter(reached.next())).isFalse();
      assertThat(name.max().isAfter(reached)).isTrue();
      reached = name.max();
    }
  }

  private static List<ObjectInfo> randomListing(Random random) {
    Set<LtxName> names = new HashSet<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      int min = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(30);
      names.add(name(random.nextInt(10), min, min + random.nextInt(8)));
    }
    return listing(names.toArray(LtxName[]::new));
  }

  private static Set<Txid> reachable(List<ObjectInfo> listing, Txid limit) {
    Set<Txid> reached = new HashSet<>();
    List<Txid> open = new ArrayList<>(List.of(Txid.ZERO));
    while (!open.isEmpty()) {
      Txid from = open.removeLast();
      for (ObjectInfo object : listing) {
        boolean applies = !object.name().min().isAfter(from.next());
        Txid to = object.name().max();
        if (applies && to.isAfter(from) && !to.isAfter(limit) && reached.add(to)) {
          open.add(to);
        }
      }
    }
    return reached;
  }

  private static RestorePlan ready(List<ObjectInfo> listing, RestoreTarget target) {
    return RestorePlan.decide(listing, target).orThrow("file:///r");
  }

  private static List<LtxName> names(RestorePlan plan) {
    return plan.files().stream().map(ObjectInfo::name).toList();
  }

  private static List<ObjectInfo> listing(LtxName... names) {
    return Stream.of(names)
        .map(name ->
            new ObjectInfo(name, 1_000, Instant.MAX, ObjectMetadata.at(History.timeOf(name.max()))))
        .toList();
  }
}
