package dev.tidewal.restore;

import static dev.tidewal.restore.History.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.ByteSize;
import dev.tidewal.core.Position;
import dev.tidewal.core.TidewalException;
import dev.tidewal.core.TidewalException.Cancelled;
import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.TidewalException.NotFound;
import dev.tidewal.core.TidewalException.Refused;
import dev.tidewal.core.TidewalException.StoreUnreachable;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxFiles;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import dev.tidewal.restore.RestoreTarget.AtTime;
import dev.tidewal.restore.RestoreTarget.AtTxid;
import dev.tidewal.testing.FaultyReplicaClient;
import dev.tidewal.testing.FaultyReplicaClient.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestorerTest {
  @TempDir Path directory;
  private FaultyReplicaClient replica;
  private Path output;

  @BeforeEach
  void open() {
    replica = new FaultyReplicaClient(new FileReplicaClient(directory.resolve("replica")));
    output = directory.resolve("out/app.db");
  }

  @AfterEach
  void close() {
    replica.close();
  }

  @Test
  void latestIsTheNewestState() throws IOException {
    History history = usualReplica();

    RestoreReport report = restore(RestoreTarget.LATEST);

    assertThat(output).hasBinaryContent(history.fileAt(new Txid(12)));
    assertThat(report.position())
        .isEqualTo(new Position(new Txid(12), history.checksumAt(new Txid(12))));
    assertThat(report.databaseBytes()).isEqualTo(Files.size(output));
    assertThat(report.downloadedBytes()).isEqualTo(report.plan().sizeBytes());
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void everyTxidAndEveryTimeIsExact() throws IOException {
    History history = History.random(new Random(7), 12);
    history.store(replica, LtxName.snapshot(new Txid(1)));
    history.storeBatches(replica, 2, 12);

    for (int txid = 1; txid <= 12; txid++) {
      Files.deleteIfExists(output);
      restore(new AtTxid(new Txid(txid)));
      assertThat(output).hasBinaryContent(history.fileAt(new Txid(txid)));

      Files.delete(output);
      restore(new AtTime(History.timeOf(new Txid(txid)).plusMillis(999)));
      assertThat(output).hasBinaryContent(history.fileAt(new Txid(txid)));
    }
  }

  /** Chains, compactions and deletions at random: the plan yields its state, or there is none. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whateverObjectsAreLeftYieldExactlyTheStateOfThePlan(long seed) throws IOException {
    Random random = new Random(seed);
    for (int round = 0; round < 40; round++) {
      replica.deleteAll();
      Files.deleteIfExists(output);
      History history = History.random(random, 12);
      randomObjects(random, history);
      RestoreTarget target =
          switch (random.nextInt(3)) {
            case 0 -> RestoreTarget.LATEST;
            case 1 -> new AtTxid(new Txid(1 + random.nextInt(12)));
            default -> new AtTime(History.timeOf(new Txid(1 + random.nextInt(12))));
          };
      String scene = "seed " + seed + " round " + round + " " + target;
      try {
        RestoreReport report = restore(target);

        Txid reached = report.plan().reached();
        assertThat(output).as(scene).hasBinaryContent(history.fileAt(reached));
        assertThat(report.position().checksum()).isEqualTo(history.checksumAt(reached));
      } catch (Refused | TidewalException.NothingToRestore refused) {
        assertThat(output).as(scene).doesNotExist();
      }
      assertThat(leftovers()).isEmpty();
    }
  }

  private void randomObjects(Random random, History history) throws IOException {
    Path root = directory.resolve("replica");
    for (int txid = 1; txid <= 12; txid++) {
      if (random.nextInt(3) > 0) {
        history.place(root, LtxName.batch(new Txid(txid)));
      }
    }
    for (int level = 1, step = 2; level <= 3; level++, step *= 2) {
      for (int min = 1; min + step - 1 <= 12; min += step) {
        if (random.nextInt(3) > 0) {
          history.place(root, name(level, min, min + step - 1));
        }
      }
    }
    history.place(root, LtxName.snapshot(new Txid(1 + random.nextInt(12))));
  }

  @Test
  void pagesThatWereCutOffInBetweenComeFromNewerObjectsOnly() throws IOException {
    History history = new History(new Random(1));
    history.commit(30);
    history.commit(10);
    history.commit(30);
    history.store(replica, LtxName.batch(new Txid(1)));
    history.storeBatches(replica, 2, 3);

    restore(RestoreTarget.LATEST);

    assertThat(output).hasBinaryContent(history.fileAt(new Txid(3)));
  }

  @Test
  void aPageThatNoObjectSuppliesRefusesTheRestore() {
    History grown = new History(new Random(1));
    grown.commit(10);
    grown.commit(30);
    History other = new History(new Random(2));
    other.commit(30);
    other.commit(30);
    grown.store(replica, LtxName.batch(new Txid(1)));
    other.store(replica, LtxName.batch(new Txid(2)));

    assertThatThrownBy(() -> restore(RestoreTarget.LATEST))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining("holds page 11");
    assertThat(output).doesNotExist();
  }

  /** SQLite would take an empty file for a new database. */
  @Test
  void aDeletedDatabaseIsNotRestoredAsAnEmptyFile() {
    History.random(new Random(1), 1).store(replica, LtxName.batch(new Txid(1)));
    replica.write(
        LtxName.batch(new Txid(2)),
        History.timeOnly(new Txid(2)),
        WriteMode.REPLACE,
        1000,
        out -> out.write(LtxFiles.deletion(History.PAGE_SIZE, 2)));

    assertThatThrownBy(() -> restore(RestoreTarget.LATEST))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("deletes the database");
    assertThat(output).doesNotExist();
  }

  @Test
  void aRecordedChecksumIsComparedAndAnyDifferenceRefusesTheRestore() throws IOException {
    History history = History.random(new Random(3), 3);
    history.store(replica, LtxName.snapshot(new Txid(1)));
    history.store(replica, LtxName.batch(new Txid(2)));
    history.store(replica, LtxName.batch(new Txid(3)), history.withChecksum(new Txid(3)));

    assertThat(restore(RestoreTarget.LATEST).checksumCompared()).isTrue();

    Files.delete(output);
    History stranger = History.random(new Random(4), 3);
    stranger.store(replica, LtxName.snapshot(new Txid(1)));
    assertThatThrownBy(() -> restore(RestoreTarget.LATEST)).isInstanceOf(TidewalException.class);
    assertThat(output).doesNotExist();
  }

  @Test
  void oneBitAnywhereInAnyObjectIsNoticedOrReplaced() throws IOException {
    History history = usualReplica();
    Random random = new Random(11);
    for (ObjectInfo object : restorer().plan(RestoreTarget.LATEST).files()) {
      long size = object.sizeBytes();
      List<Long> positions = new ArrayList<>(List.of(100L, 106L, 112L));
      if (object.name().max().equals(new Txid(12)) || object.name().isSnapshot()) {
        LongStream.range(0, 100).forEach(positions::add);
      }
      positions.addAll(List.of(size - 1, size - 9, size - 17, size - 25, size - 27));
      random.longs(12, 0, size).forEach(positions::add);
      for (long position : positions) {
        replica.on(Operation.OPEN).key(object.name()).flipByte(position);
        String scene = object.name() + " byte " + position;
        try {
          RestoreReport report = restore(RestoreTarget.LATEST);

          assertThat(output).as(scene).hasBinaryContent(history.fileAt(new Txid(12)));
          assertThat(report.replans()).as(scene).hasSize(1);
          Files.delete(output);
        } catch (Corrupt noticed) {
          assertThat(noticed).as(scene).hasMessageContaining(object.name().toString());
          assertThat(output).doesNotExist();
        }
        replica.heal();
        assertThat(leftovers()).isEmpty();
      }
    }
  }

  @Test
  void aTruncatedObjectIsNoticedOrReplaced() throws IOException {
    History history = usualReplica();
    for (ObjectInfo object : restorer().plan(RestoreTarget.LATEST).files()) {
      Path file = fileOf(object.name());
      byte[] whole = Files.readAllBytes(file);
      for (int kept : new int[] {0, 1, 99, 100, 150, whole.length - 30, whole.length - 1}) {
        Files.write(file, Arrays.copyOf(whole, Math.clamp(kept, 0, whole.length)));
        assertSameOrRefused(history, object.name() + " cut to " + kept);
      }
      Files.write(file, whole);
    }
  }

  @Test
  void aBodyThatEndsEarlyIsReadOnFromThere() throws IOException {
    History history = usualReplica();
    replica.on(Operation.OPEN).key("L0/").truncateTo(120);

    restore(RestoreTarget.LATEST);

    assertThat(output).hasBinaryContent(history.fileAt(new Txid(12)));
  }

  @Test
  void withoutAnyOneObjectTheSameDatabaseComesBackOrTheGapIsNamed() throws IOException {
    History history = usualReplica();
    history.store(replica, LtxName.batch(new Txid(12)), history.withChecksum(new Txid(12)));
    for (LtxName name : everyObject()) {
      if (name.max().equals(new Txid(12))) {
        continue; // Only local state or a witness knows that the newest existed.
      }
      byte[] bytes = Files.readAllBytes(fileOf(name));
      Files.delete(fileOf(name));
      assertSameOrRefused(history, "without " + name);
      Files.write(fileOf(name), bytes);
    }
  }

  private void assertSameOrRefused(History history, String scene) throws IOException {
    try {
      restore(RestoreTarget.LATEST);
      assertThat(output).as(scene).hasBinaryContent(history.fileAt(new Txid(12)));
      Files.delete(output);
    } catch (Refused | Corrupt noticed) {
      assertThat(noticed).as(scene).hasMessageContaining("L");
      assertThat(output).as(scene).doesNotExist();
    }
    assertThat(leftovers()).as(scene).isEmpty();
  }

  @Test
  void anObjectDeletedWhileRestoringIsReplacedByAnotherLevels() throws IOException {
    History history = usualReplica();
    history.store(replica, name(2, 9, 12));
    replica
        .on(Operation.OPEN)
        .key(name(2, 9, 12))
        .fail(() -> new NotFound("L2 is gone (injected)"));

    RestoreReport report = restore(RestoreTarget.LATEST);

    assertThat(output).hasBinaryContent(history.fileAt(new Txid(12)));
    assertThat(report.replans()).containsExactly("L2 is gone (injected)");
  }

  @Test
  void aBrokenNewestObjectNeverYieldsAnOlderStateWithoutAWord() {
    usualReplica();
    replica.on(Operation.OPEN).key(LtxName.batch(new Txid(12))).flipByte(130);

    assertThatThrownBy(() -> restore(RestoreTarget.LATEST))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining("no other object replaces it")
        .hasMessageContaining("--txid 000000000000000b");
    assertThat(output).doesNotExist();
  }

  @Test
  void aConnectionCutAtAnyByteIsResumed() throws IOException {
    History history = usualReplica();
    for (int kept = 0; kept < 1_500; kept += 97) {
      replica.on(Operation.OPEN).times(3).cutAfter(kept);

      restore(RestoreTarget.LATEST);

      assertThat(output).hasBinaryContent(history.fileAt(new Txid(12)));
      Files.delete(output);
      replica.heal();
    }
  }

  @Test
  void largeObjectsAreReadInChunksByAllThreads() throws Exception {
    try (LiveSource source = largeReplica()) {
      RestoreOptions tight =
          new RestoreOptions(false, IntegrityCheck.FULL, 4, ByteSize.ofMebibytes(4), false);

      restorer(tight).restore(RestoreTarget.LATEST, output);

      assertThat(output).hasBinaryContent(source.stateAt(source.newest()));
      assertThat(replica.requests())
          .filteredOn(request -> request.key().startsWith("L9/"))
          .hasSizeGreaterThan(20);
    }
  }

  @Test
  void damageInAnyChunkOfALargeObjectIsNoticed() throws Exception {
    try (LiveSource source = largeReplica()) {
      for (int chunk = 1; chunk < 30; chunk += 4) {
        replica.on(Operation.OPEN).key("L9/").after(chunk).times(1).flipByte(60);

        assertThatThrownBy(() ->
                restorer(RestoreOptions.DEFAULT.withMemory(ByteSize.ofMebibytes(1)))
                    .restore(RestoreTarget.LATEST, output))
            .isInstanceOf(Corrupt.class);
        assertThat(output).doesNotExist();
        replica.heal();
      }
      assertThat(source.newest()).isEqualTo(new Txid(3));
    }
  }

  @Test
  void cutsInChunksOfALargeObjectAreResumed() throws Exception {
    try (LiveSource source = largeReplica()) {
      replica.on(Operation.OPEN).key("L9/").times(6).cutAfter(50_000);

      restore(RestoreTarget.LATEST);

      assertThat(output).hasBinaryContent(source.stateAt(source.newest()));
    }
  }

  /** About 8 MiB in a snapshot, with two batches on top. */
  private LiveSource largeReplica() throws Exception {
    LiveSource source = new LiveSource(directory.resolve("source.db"), 4096);
    source.sql("CREATE TABLE t (id INTEGER PRIMARY KEY, v, pad)");
    source.sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000)"
            + " INSERT INTO t SELECT i, 0, randomblob(900) FROM n");
    source.record();
    source.store(replica, LtxName.snapshot(source.newest()));
    source.sql("UPDATE t SET v = 1 WHERE id % 3 = 0");
    source.batch(replica);
    source.sql("UPDATE t SET v = 2 WHERE id > 7000");
    source.batch(replica);
    return source;
  }

  @Test
  void aStoreThatStaysAwayIsReportedAndNothingIsLeft() {
    usualReplica();
    replica.on(Operation.OPEN).unreachable();

    assertThatThrownBy(() -> restore(RestoreTarget.LATEST)).isInstanceOf(StoreUnreachable.class);
    assertThat(output).doesNotExist();
  }

  @Test
  void anExistingOutputIsRefusedAndLeftAlone() throws IOException {
    History history = usualReplica();
    Files.createDirectories(output.getParent());
    Files.writeString(output, "precious");

    assertThatThrownBy(() -> restore(RestoreTarget.LATEST)).isInstanceOf(Refused.class);

    assertThat(output).hasContent("precious");
    restorer(RestoreOptions.DEFAULT.withOverwrite(true)).restore(RestoreTarget.LATEST, output);
    assertThat(output).hasBinaryContent(history.fileAt(new Txid(12)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-wal", "-shm", "-journal"})
  void aLeftoverThatSqliteWouldApplyIsRefusedOrDeletedWhenForced(String suffix) throws IOException {
    usualReplica();
    Files.createDirectories(output.getParent());
    Path leftover = output.resolveSibling(output.getFileName() + suffix);
    Files.writeString(leftover, "stale");

    assertThatThrownBy(() -> restore(RestoreTarget.LATEST))
        .isInstanceOf(Refused.class)
        .hasMessageContaining(leftover.toString());
    assertThat(leftover).exists();

    restorer(RestoreOptions.DEFAULT.withOverwrite(true)).restore(RestoreTarget.LATEST, output);
    assertThat(leftover).doesNotExist();
  }

  @Test
  void anInterruptedRestoreLeavesNothing() throws Exception {
    usualReplica();
    replica.on(Operation.OPEN).hang();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                restore(RestoreTarget.LATEST);
              } catch (IOException | TidewalException e) {
                thrown.set(e);
              }
            });
    while (replica.count(Operation.OPEN) == 0) {
      Thread.onSpinWait();
    }

    thread.interrupt();
    thread.join();

    assertThat(thrown.get()).isInstanceOf(Cancelled.class);
    assertThat(output).doesNotExist();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void whatAKilledRestoreLeftIsRemovedByTheNext() throws IOException {
    usualReplica();
    Files.createDirectories(output.getParent());
    Path old = output.resolveSibling(".app.db-0123abcd.restoring");
    Files.writeString(old, "half a database");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(120)));

    restore(RestoreTarget.LATEST);

    assertThat(leftovers()).isEmpty();
  }

  @Test
  void timesComeFromTheHeadersWhereTheStoreHasNone() throws IOException {
    History history = History.random(new Random(7), 5);
    history.store(replica, LtxName.snapshot(new Txid(1)));
    history.storeBatches(replica, 2, 5);
    for (LtxName name : everyObject()) {
      Files.setLastModifiedTime(fileOf(name), FileTime.from(History.BEGIN));
    }

    restore(new AtTime(History.timeOf(new Txid(3))));

    assertThat(output).hasBinaryContent(history.fileAt(new Txid(3)));
  }

  private History usualReplica() {
    History history = History.random(new Random(5), 12);
    history.store(replica, LtxName.snapshot(new Txid(1)));
    history.store(replica, LtxName.snapshot(new Txid(4)));
    history.store(replica, name(1, 2, 4));
    history.store(replica, name(1, 5, 8));
    history.store(replica, name(1, 9, 10));
    history.storeBatches(replica, 4, 12);
    return history;
  }

  private RestoreReport restore(RestoreTarget target) throws IOException {
    return restorer().restore(target, output);
  }

  private Restorer restorer() {
    return restorer(RestoreOptions.DEFAULT);
  }

  private Restorer restorer(RestoreOptions options) {
    return new Restorer(replica, options, RestoreListener.NONE);
  }

  private List<LtxName> everyObject() {
    List<LtxName> names = new ArrayList<>();
    for (int level = 0; level <= 9; level++) {
      replica.list(level, Txid.ZERO, false).forEachRemaining(object -> names.add(object.name()));
    }
    return names;
  }

  private Path fileOf(LtxName name) {
    return directory.resolve("replica/ltx/" + name.level() + "/" + name.fileName());
  }

  private List<Path> leftovers() throws IOException {
    if (!Files.exists(output.getParent())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(output.getParent())) {
      return files.filter(file -> !file.equals(output)).toList();
    }
  }
}
