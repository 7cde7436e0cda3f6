package dev.tidewal.compact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.TidewalException.Fenced;
import dev.tidewal.core.TidewalException.StoreUnreachable;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ObjectMetadata;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import dev.tidewal.restore.RestoreListener;
import dev.tidewal.restore.RestoreOptions;
import dev.tidewal.restore.RestoreReport;
import dev.tidewal.restore.RestoreTarget;
import dev.tidewal.restore.Restorer;
import dev.tidewal.testing.ClockedReplicaClient;
import dev.tidewal.testing.FaultyReplicaClient;
import dev.tidewal.testing.FaultyReplicaClient.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompactionTest {
  private static final long SEED = 20_261_120;

  private final Path directory;
  private final ReplicaClient clocked;
  private final FaultyReplicaClient store;
  private final LiveReplica live;
  private final Recorder recorder = new Recorder();
  private Instant now = Objects.START;
  private Duration skew = Duration.ZERO;

  CompactionTest(@TempDir Path directory) {
    this.directory = directory;
    this.clocked =
        new ClockedReplicaClient(new FileReplicaClient(directory.resolve("replica")), () -> now);
    this.store = new FaultyReplicaClient(clocked);
    this.live = new LiveReplica(clocked, directory, SEED);
  }

  @Test
  void threeDaysOfWritesAreRestorableAtEveryStepAndEndInLittle() throws IOException {
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    for (int hour = 0; hour < 72; hour += 6) {
      write(compaction, 4, Duration.ofSeconds(20));
      assertThat(restore(new RestoreTarget.Latest())).isEqualTo(live.head());
      sleep(compaction, Duration.ofHours(6));
      assertThat(restore(new RestoreTarget.Latest())).isEqualTo(live.head());
    }
    for (long txid = live.head().value() - 8; txid <= live.head().value(); txid++) {
      restore(new RestoreTarget.AtTxid(new Txid(txid)));
    }
    assertThat(names(0)).hasSize(1);
    assertThat(names(9)).hasSizeBetween(2, 3);

    sleep(compaction, Duration.ofDays(4));

    assertThat(compaction.untilNext()).isEqualTo(Step.FOR_EVER);
    assertThat(allNames())
        .containsExactly(LtxName.snapshot(live.head()), LtxName.batch(live.head()));
    assertThat(restore(new RestoreTarget.Latest())).isEqualTo(live.head());
    assertThat(recorder.problems).isEmpty();
    assertThat(recorder.liveWishes).isEmpty();
  }

  @Test
  void theReplicaIsListedOnceAndAnIdleOneIsNeverAskedAgain() {
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    write(compaction, 3, Duration.ofSeconds(50));
    sleep(compaction, Duration.ofDays(4));
    assertThat(store.count(Operation.LIST)).isEqualTo(10);
    store.forgetRequests();

    sleep(compaction, Duration.ofDays(400));
    compaction.run();

    assertThat(store.requests()).isEmpty();
  }

  @Test
  void timestampOwnerAndChecksumOfTheLastInputSurviveEveryLevel() {
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    write(compaction, 3, Duration.ofSeconds(5));
    Instant last = now.minusSeconds(5);
    sleep(compaction, Duration.ofHours(25));

    for (int level : new int[] {1, 2, 3, 9}) {
      LtxName newest = names(level).getLast();
      ObjectMetadata metadata = clocked.stat(newest).metadata();
      assertThat(newest.max()).isEqualTo(live.head());
      assertThat(metadata.timestamp()).contains(last);
      assertThat(metadata.owner()).contains(live.ownerId());
      assertThat(metadata.cluster()).isEqualTo(live.clusterId());
      assertThat(metadata.checksum()).hasValue(checksum(live.head()));
    }
  }

  @Test
  void theFirstSnapshotIsCopiedAndTheLevelsBeginAfterIt() throws IOException {
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    write(compaction, 2, Duration.ofSeconds(1));
    sleep(compaction, Duration.ofSeconds(40));

    assertThat(names(9)).containsExactly(LtxName.snapshot(Txid.FIRST));
    assertThat(names(1)).containsExactly(new LtxName(1, new Txid(2), new Txid(2)));
    assertThat(Files.readAllBytes(file(names(9).getFirst())))
        .isEqualTo(Files.readAllBytes(file(LtxName.batch(Txid.FIRST))));
  }

  @Test
  void ownershipIsMadeSureBeforeEveryWriteAndDelete() {
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    write(compaction, 3, Duration.ofSeconds(1));
    sleep(compaction, Duration.ofDays(4));

    long changes =
        store.count(Operation.WRITE) + store.count(Operation.COPY) + store.count(Operation.DELETE);
    assertThat((long) live.assured).isEqualTo(changes);
  }

  @Test
  void aFencedOwnerWritesAndDeletesNothing() {
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    write(compaction, 3, Duration.ofSeconds(1));
    live.fenced = true;
    now = now.plus(Duration.ofDays(9));
    TreeSet<LtxName> before = allNames();

    assertThatThrownBy(compaction::run).isInstanceOf(Fenced.class);

    assertThat(compaction.untilNext()).isEqualTo(Step.FOR_EVER);
    assertThat(allNames()).isEqualTo(before);
  }

  @Test
  void aWriteWhoseAnswerWasLostIsAdopted() {
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    write(compaction, 3, Duration.ofSeconds(1));
    store.on(Operation.WRITE).key("L1/").times(1).loseAnswer();
    now = now.plusSeconds(60);

    assertThatThrownBy(compaction::run).isInstanceOf(StoreUnreachable.class);
    assertThat(compaction.untilNext()).isPositive();
    sleep(compaction, Duration.ofMinutes(10));

    assertThat(names(1)).hasSize(1);
    assertThat(names(2)).hasSize(1);
    assertThat(recorder.problems).isEmpty();
  }

  @Test
  void anObjectOfThatNameThatDoesNotFitIsNamedAndNothingReliesOnIt() {
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    write(compaction, 3, Duration.ofSeconds(1));
    clocked.write(
        new LtxName(1, new Txid(2), new Txid(3)),
        ObjectMetadata.UNKNOWN,
        WriteMode.CREATE,
        1000,
        out -> out.write(new byte[1000]));

    sleep(compaction, Duration.ofHours(3));

    assertThat(recorder.problems).hasSize(1);
    assertThat(recorder.liveWishes).hasSize(1);
    assertThat(names(0)).contains(LtxName.batch(new Txid(2)), LtxName.batch(new Txid(3)));
  }

  @Test
  void anUploadThatBreaksOffLeavesNothingAndIsTriedAgain() {
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    write(compaction, 3, Duration.ofSeconds(1));
    store.on(Operation.WRITE).key("L1/").times(1).cutAfter(150);
    now = now.plusSeconds(60);

    assertThatThrownBy(compaction::run).isInstanceOf(StoreUnreachable.class);
    assertThat(names(1)).isEmpty();
    sleep(compaction, Duration.ofMinutes(1));

    assertThat(names(1)).hasSize(1);
  }

  @Test
  void anInputThatBreaksOffIsReadOnFromThere() throws IOException {
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    write(compaction, 3, Duration.ofSeconds(1));
    store.on(Operation.OPEN).key("L0/").after(1).times(2).cutAfter(200);
    store.on(Operation.OPEN).key("L0/").after(1).times(1).truncateTo(150);

    sleep(compaction, Duration.ofMinutes(1));

    assertThat(names(1)).hasSize(1);
    assertThat(restore(new RestoreTarget.Latest())).isEqualTo(live.head());
  }

  @Test
  void aMissingInputIsLookedForOnceThenNamedAndALiveSnapshotHeals() throws IOException {
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    write(compaction, 5, Duration.ofSeconds(1));
    clocked.delete(List.of(LtxName.batch(new Txid(4))));

    sleep(compaction, Duration.ofHours(9));
    assertThat(compaction.liveSnapshotWanted().orElseThrow()).contains("0000000000000003");
    assertThat(recorder.liveWishes).hasSize(1);
    assertThat(store.count(Operation.LIST)).isEqualTo(20);
    assertThat(names(0)).contains(LtxName.batch(new Txid(5)));

    compaction.added(live.liveSnapshot(now));
    write(compaction, 1, Duration.ofSeconds(1));
    sleep(compaction, Duration.ofMinutes(1));

    assertThat(compaction.liveSnapshotWanted()).isEmpty();
    assertThat(names(1)).contains(new LtxName(1, new Txid(6), new Txid(6)));
    assertThat(restore(new RestoreTarget.Latest())).isEqualTo(live.head());
  }

  @Test
  void aLiveSnapshotThatFailedIsAskedForAgainAfterFiveMinutesAndNotBefore() throws IOException {
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    write(compaction, 5, Duration.ofSeconds(1));
    clocked.delete(List.of(LtxName.batch(new Txid(4))));
    sleep(compaction, Duration.ofMinutes(10));
    assertThat(recorder.liveWishes).hasSize(1);

    for (int asked = 1; asked <= 3; asked++) {
      compaction.liveSnapshotFailed();
      sleep(compaction, Duration.ofMinutes(5).minusSeconds(1));
      assertThat(recorder.liveWishes).as("within five minutes").hasSize(asked);
      sleep(compaction, Duration.ofSeconds(2));
      assertThat(recorder.liveWishes).as("after five minutes").hasSize(asked + 1);
    }

    sleep(compaction, Duration.ofHours(3));
    assertThat(recorder.liveWishes).as("while it is on its way").hasSize(4);
    compaction.added(live.liveSnapshot(now));
    sleep(compaction, Duration.ofHours(3));
    assertThat(compaction.liveSnapshotWanted()).isEmpty();
    assertThat(recorder.liveWishes).hasSize(4);
  }

  @Test
  void aCorruptInputIsReadTwiceThenNamed() throws IOException {
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    write(compaction, 5, Duration.ofSeconds(1));
    Path broken = file(LtxName.batch(new Txid(4)));
    byte[] bytes = Files.readAllBytes(broken);
    bytes[bytes.length - 3] ^= 1;
    Files.write(broken, bytes);

    sleep(compaction, Duration.ofHours(9));

    assertThat(recorder.problems).singleElement().asString().contains("L0/0000000000000004");
    assertThat(compaction.liveSnapshotWanted()).isPresent();
    assertThat(names(1)).isEmpty();
    assertThat(names(0)).hasSize(5);
  }

  @Test
  void aSnapshotWithAnotherChecksumThanTheRecordedOneIsNotPublished() {
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    write(compaction, 3, Duration.ofSeconds(1));
    ObjectInfo wrong = recordWrongChecksum(live.write(now));
    compaction.acknowledged(wrong);

    sleep(compaction, Duration.ofDays(2));

    assertThat(names(9)).containsExactly(LtxName.snapshot(Txid.FIRST));
    assertThat(compaction.liveSnapshotWanted().orElseThrow()).contains("0000000000001234");
    assertThat(recorder.liveWishes).hasSize(1);

    compaction.added(live.liveSnapshot(now));
    sleep(compaction, Duration.ofDays(2));
    assertThat(compaction.liveSnapshotWanted()).isEmpty();
    assertThat(names(9)).hasSize(1);
  }

  @Test
  void withoutARecordedChecksumTheDatabaseIsRead() {
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    write(compaction, 3, Duration.ofSeconds(1));
    ObjectInfo batch = live.write(now);
    compaction.acknowledged(rewritten(batch, ObjectMetadata.at(now)));

    sleep(compaction, Duration.ofDays(2));

    assertThat(compaction.liveSnapshotWanted().orElseThrow()).startsWith("no checksum");
  }

  @Test
  void aDatabaseThatNeverPausesKeepsItsBatchesForTheirTimeAndNoLonger() {
    CompactionSettings settings = CompactionSettings.DEFAULT;
    Compaction compaction = compaction(settings);
    Duration between = Duration.ofSeconds(30);
    Map<Txid, Instant> written = new HashMap<>();
    Instant begin = now;
    for (int minutes = 0; minutes < 200; minutes += 20) {
      for (int i = 0; i < 40; i++) {
        compaction.acknowledged(live.write(now));
        written.put(live.head(), now);
        sleep(compaction, between);
      }
      Instant kept = now.minus(settings.batchRetention());
      Instant gone = now.minus(RetentionPlan.batchAge(settings)).minus(Duration.ofMinutes(7));
      Set<Txid> stored = batches();
      Map<Boolean, List<Txid>> left =
          written.keySet().stream().collect(Collectors.partitioningBy(stored::contains));
      assertThat(left.get(true))
          .as("batches that should be gone after %s", Duration.between(begin, now))
          .allMatch(txid -> written.get(txid).isAfter(gone));
      assertThat(left.get(false))
          .as("deleted batches after %s", Duration.between(begin, now))
          .allMatch(txid -> written.get(txid).isBefore(kept));
    }
    assertThat(names(0)).hasSizeLessThan(82 * 2);
    assertThat(recorder.problems).isEmpty();
  }

  /** What the local clock does: hours ahead, hours behind, back and forth, years off. */
  enum LocalClock {
    AHEAD,
    BEHIND,
    JUMPING;

    Duration skew(Random random) {
      return switch (this) {
        case AHEAD -> Duration.ofHours(7);
        case BEHIND -> Duration.ofHours(-7);
        case JUMPING ->
            random.nextBoolean()
                ? Duration.ofHours(random.nextInt(-30, 30))
                : Duration.ofSeconds(random.nextInt(-400, 400));
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void theLocalClockDecidesNothingAboutDeletion(LocalClock local) throws IOException {
    Random random = new Random(SEED);
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    Map<Txid, Instant> written = new HashMap<>();
    Instant timestamp = Instant.MIN;
    for (int i = 0; i < 110; i++) {
      skew = local.skew(random);
      Instant wall = now.plus(skew);
      timestamp = wall.isAfter(timestamp) ? wall : timestamp;
      compaction.acknowledged(live.write(timestamp));
      written.put(live.head(), now);
      sleep(compaction, Duration.ofMinutes(1));
    }

    Instant kept = now.minus(CompactionSettings.DEFAULT.batchRetention());
    Instant gone = now.minus(Duration.ofMinutes(75 + 8));
    Set<Txid> stored = batches();
    written.forEach((txid, at) -> {
      if (at.isAfter(kept)) {
        assertThat(stored).as("written at %s", at).contains(txid);
      }
      if (at.isBefore(gone)) {
        assertThat(stored).as("written at %s", at).doesNotContain(txid);
      }
    });
    for (long txid = 1; txid <= live.head().value(); txid += 7) {
      assertThat(restore(new RestoreTarget.AtTxid(new Txid(txid))).value())
          .as("a step of at most a minute or so")
          .isBetween(txid - 6, txid);
    }
    assertThat(restore(new RestoreTarget.Latest())).isEqualTo(live.head());
    assertThat(recorder.problems).isEmpty();
    assertThat(recorder.liveWishes).isEmpty();
  }

  @Test
  void anUploadThatNobodyToldOfIsFoundInTheStore() {
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    write(compaction, 3, Duration.ofSeconds(40));
    live.write(now);
    write(compaction, 1, Duration.ofMinutes(2));

    assertThat(names(1).getLast().max()).isEqualTo(live.head());
    assertThat(store.count(Operation.LIST)).isEqualTo(20);
    assertThat(recorder.liveWishes).isEmpty();
  }

  private Set<Txid> batches() {
    return names(0).stream().map(LtxName::max).collect(Collectors.toSet());
  }

  @Test
  void whatReplacesThemIsMadeAgainWhenItIsGone() throws IOException {
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    write(compaction, 3, Duration.ofSeconds(1));
    sleep(compaction, Duration.ofMinutes(5));
    for (int level = 1; level <= 3; level++) {
      clocked.delete(names(level));
    }

    sleep(compaction, Duration.ofHours(3));

    assertThat(names(1)).containsExactly(new LtxName(1, new Txid(2), new Txid(3)));
    assertThat(restore(new RestoreTarget.Latest())).isEqualTo(live.head());
    assertThat(recorder.problems).isEmpty();
    assertThat(recorder.liveWishes).isEmpty();
  }

  @Test
  void whenWhatReplacesThemIsGoneExpiredObjectsStay() {
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    write(compaction, 3, Duration.ofSeconds(1));
    sleep(compaction, Duration.ofMinutes(5));
    for (int level = 1; level <= 3; level++) {
      clocked.delete(names(level));
    }
    store.on(Operation.WRITE).key("L1/").throttle();

    sleepThroughErrors(compaction, Duration.ofHours(3));

    assertThat(names(0)).contains(LtxName.batch(new Txid(2)), LtxName.batch(new Txid(3)));
    assertThat(recorder.expired).isLessThanOrEqualTo(1);
  }

  @Test
  void withoutDeletesTheStoreKeepsEverythingAndMemoryDoesNot() {
    Compaction compaction = compaction(CompactionSettings.DEFAULT.withoutDeletes());
    write(compaction, 20, Duration.ofMinutes(10));
    sleep(compaction, Duration.ofDays(5));

    assertThat(store.count(Operation.DELETE)).isZero();
    assertThat(names(0)).hasSize(20);
    assertThat(names(1)).hasSize(19);
    assertThat(compaction.untilNext()).isEqualTo(Step.FOR_EVER);
    assertThat(recorder.expired).isGreaterThan(50);
  }

  @Test
  void anotherProcessGoesOnFromAnyPoint() throws IOException {
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    for (int i = 0; i < 12; i++) {
      write(compaction, 3, Duration.ofSeconds(15));
      sleep(compaction, Duration.ofMinutes(i * 20L));
      live.claim(now);
      compaction = compaction(CompactionSettings.DEFAULT);
      sleep(compaction, Duration.ofMinutes(i));
      assertThat(restore(new RestoreTarget.Latest())).isEqualTo(live.head());
      Peer.continuesFrom(allNames());
      assertThat(Peer.restores(allNames())).isEqualTo(live.head().value());
    }
    assertThat(recorder.problems).isEmpty();
    assertThat(recorder.liveWishes).isEmpty();
  }

  @Test
  void aStoreThatFailsIsAskedLessAndLessOften() {
    Compaction compaction = compaction(CompactionSettings.DEFAULT);
    write(compaction, 2, Duration.ofSeconds(1));
    store.on(Operation.WRITE).throttle();
    now = now.plusSeconds(60);

    Duration before = Duration.ZERO;
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(compaction::run).isInstanceOf(StoreUnreachable.class);
      assertThat(compaction.untilNext()).isGreaterThan(before);
      before = compaction.untilNext();
      now = now.plus(before);
    }
    store.heal();
    sleep(compaction, Duration.ofMinutes(1));
    assertThat(names(1)).hasSize(1);
  }

  private Compaction compaction(CompactionSettings settings) {
    return new Compaction(store, live, settings, directory, () -> now.plus(skew), recorder);
  }

  private void write(Compaction compaction, int batches, Duration between) {
    for (int i = 0; i < batches; i++) {
      compaction.acknowledged(live.write(now));
      sleep(compaction, between);
    }
  }

  /** Lets time pass; compaction runs when it says so. */
  private void sleep(Compaction compaction, Duration time) {
    Instant until = now.plus(time);
    while (compaction.untilNext().compareTo(Duration.between(now, until)) <= 0) {
      now = now.plus(compaction.untilNext());
      compaction.run();
    }
    now = until;
  }

  private void sleepThroughErrors(Compaction compaction, Duration time) {
    Instant until = now.plus(time);
    while (now.isBefore(until)) {
      try {
        sleep(compaction, Duration.between(now, until));
      } catch (StoreUnreachable e) {
        assertThat(compaction.untilNext()).isPositive();
      }
    }
  }

  /** Restores, compares the content, and says which TXID it was. */
  private Txid restore(RestoreTarget target) throws IOException {
    Path output = directory.resolve("restored");
    RestoreReport report =
        new Restorer(
                clocked,
                RestoreOptions.DEFAULT.withOverwrite(true).withParallelism(2),
                RestoreListener.NONE)
            .restore(target, output);
    assertThat(report.position().checksum()).isEqualTo(checksum(report.position().txid()));
    return report.position().txid();
  }

  private long checksum(Txid txid) {
    return Optional.ofNullable(live.checksums.get(txid.value())).orElseThrow();
  }

  private ObjectInfo recordWrongChecksum(ObjectInfo batch) {
    return rewritten(
        batch,
        new ObjectMetadata(
            batch.metadata().timestamp(),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.of(0x1234),
            OptionalLong.empty()));
  }

  private ObjectInfo rewritten(ObjectInfo batch, ObjectMetadata metadata) {
    try {
      byte[] bytes = Files.readAllBytes(file(batch.name()));
      return clocked.write(
          batch.name(), metadata, WriteMode.REPLACE, bytes.length, out -> out.write(bytes));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Path file(LtxName name) {
    return directory
        .resolve("replica/ltx")
        .resolve(Integer.toString(name.level()))
        .resolve(name.fileName());
  }

  private List<LtxName> names(int level) {
    List<LtxName> names = new ArrayList<>();
    clocked.list(level, Txid.ZERO, false).forEachRemaining(info -> names.add(info.name()));
    return names;
  }

  private TreeSet<LtxName> allNames() {
    TreeSet<LtxName> names = new TreeSet<>();
    for (int level = 0; level <= LtxName.SNAPSHOT_LEVEL; level++) {
      names.addAll(names(level));
    }
    return names;
  }

  private static final class Recorder implements CompactionListener {
    final List<String> problems = new ArrayList<>();
    final List<String> liveWishes = new ArrayList<>();
    int expired;

    @Override
    public void problem(String message) {
      problems.add(message);
    }

    @Override
    public void liveSnapshotWanted(String reason) {
      liveWishes.add(reason);
    }

    @Override
    public void expired(int objects) {
      expired += objects;
    }
  }
}
