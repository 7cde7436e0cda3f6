package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.compact.Compaction;
import dev.tidewal.compact.CompactionListener;
import dev.tidewal.compact.CompactionSettings;
import dev.tidewal.compact.Step;
import dev.tidewal.core.Txid;
import dev.tidewal.fence.AppendResult;
import dev.tidewal.fence.Batch;
import dev.tidewal.fence.Branches;
import dev.tidewal.fence.Chain;
import dev.tidewal.fence.ChainContext;
import dev.tidewal.fence.ClaimResult;
import dev.tidewal.fence.Claims;
import dev.tidewal.fence.Clocks;
import dev.tidewal.fence.RootMarkers;
import dev.tidewal.ltx.LtxHeader.WalSpan;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.ltx.LtxWriter;
import dev.tidewal.ltx.PageChecksum;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ObjectMetadata;
import dev.tidewal.replicate.Uploader;
import dev.tidewal.state.PageChecksums;
import dev.tidewal.state.StateDirectory;
import dev.tidewal.testing.ClockedReplicaClient;
import dev.tidewal.testing.FaultyReplicaClient;
import dev.tidewal.testing.FaultyReplicaClient.Operation;
import dev.tidewal.testing.FaultyReplicaClient.Request;
import dev.tidewal.wal.WalPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is asked of a store once everything runs: a real chain, its compaction, and a fast clock.
 */
class SteadyStateTest {
  private static final int PAGE_SIZE = 512;

  /** The root marker, the head, and the TXID after it. */
  private static final int OWNERSHIP = 3;

  @TempDir private Path directory;
  private Instant now = Instant.parse("2026-11-20T10:00:00Z");
  private FaultyReplicaClient store;
  private StateDirectory state;
  private PageChecksums checksums;
  private Chain chain;
  private Compaction compaction;
  private int written;

  @BeforeEach
  void claim() throws IOException {
    store =
        new FaultyReplicaClient(
            new ClockedReplicaClient(
                new FileReplicaClient(directory.resolve("replica")), () -> now));
    state = StateDirectory.open(directory.resolve("app.db"), Optional.empty());
    checksums = PageChecksums.open(state.pageChecksums(), state.scratch());
    Clocks clocks = new Clocks(() -> Duration.between(Instant.EPOCH, now).toNanos(), () -> now);
    RootMarkers markers =
        new RootMarkers(
            store, new RootMarkers.Wanted("", "test", Optional.empty(), false), () -> true);
    ChainContext context = new ChainContext(store, state, markers.ensure(), "", clocks);
    chain =
        switch (Claims.first(context, batch(), clocks.nanos().getAsLong())) {
          case ClaimResult.Claimed claimed -> claimed.chain();
          case ClaimResult.DecideAgain again -> throw new AssertionError(again.why());
        };
    Uploader uploader =
        new Uploader(
            store,
            Optional.of(chain),
            () -> {
              throw new AssertionError("claimed already");
            },
            checksums,
            state.scratch(),
            () -> now);
    compaction =
        new Compaction(
            store,
            new ChainOwnership(uploader, store),
            CompactionSettings.DEFAULT,
            state.scratch(),
            () -> now,
            new CompactionListener() {
              @Override
              public void problem(String message) {
                throw new AssertionError(message);
              }

              @Override
              public void liveSnapshotWanted(String reason) {
                throw new AssertionError(reason);
              }
            });
  }

  @AfterEach
  void close() throws IOException {
    checksums.close();
    state.close();
  }

  @Test
  void anIdleDatabaseMakesNoRequestAndNoObject() throws IOException {
    for (int i = 0; i < 5; i++) {
      write();
      sleep(Duration.ofSeconds(50));
    }
    sleep(Duration.ofDays(4));
    assertThat(count(Operation.LIST)).isEqualTo(10);
    assertThat(store.requests().stream().filter(SteadyStateTest::isOfBranches)).hasSize(1);
    List<String> objects = objects();
    store.forgetRequests();

    sleep(Duration.ofDays(300));
    compaction.run();

    assertThat(store.requests()).isEmpty();
    assertThat(compaction.untilNext()).isEqualTo(Step.FOR_EVER);
    assertThat(objects()).isEqualTo(objects).hasSize(2);
  }

  @Test
  void aWritingDatabaseListsNothingAndReadsBranchesOnce() throws IOException {
    write();
    sleep(Duration.ofMinutes(2));
    store.forgetRequests();

    for (int i = 0; i < 360; i++) {
      write();
      sleep(Duration.ofSeconds(30));
    }

    assertThat(store.requests())
        .extracting(Request::operation)
        .contains(Operation.WRITE, Operation.DELETE)
        .doesNotContain(Operation.LIST, Operation.WRITE_DOCUMENT);
    assertThat(store.requests()).noneMatch(SteadyStateTest::isOfBranches);
    long batches = 360;
    long merges = 360 + 36 + 3;
    assertThat(count(Operation.WRITE)).isBetween(batches + merges - 4, batches + merges);
    assertThat(count(Operation.DELETE)).as("gathered for five minutes").isBetween(15L, 24L);
  }

  @Test
  void aMergeAndADeletionAskForWhatTheCostTableSays() throws IOException {
    sleep(Duration.ofSeconds(40));
    store.forgetRequests();
    for (int i = 0; i < 3; i++) {
      write();
    }
    sleep(Duration.ofSeconds(40));

    assertThat(count(Operation.WRITE)).as("three batches and L1").isEqualTo(4);
    assertThat(count(Operation.OPEN)).as("each input").isEqualTo(3);
    assertThat(count(Operation.READ_DOCUMENT) + count(Operation.STAT))
        .as("whether the replica is ours")
        .isEqualTo(OWNERSHIP);
    assertThat(store.requests()).hasSize(10);

    sleep(Duration.ofMinutes(70));
    store.forgetRequests();
    sleep(Duration.ofMinutes(20));

    assertThat(count(Operation.DELETE)).isEqualTo(1);
    assertThat(count(Operation.READ_DOCUMENT) + count(Operation.STAT))
        .as("ours, and L9 and L3 are there")
        .isEqualTo(OWNERSHIP + 2);
    assertThat(store.requests()).hasSize(6);
  }

  @Test
  void aWholeSidecarBesideAnIdleApplicationAsksNothing() throws Exception {
    Volume home = new Volume(Files.createDirectory(directory.resolve("home")));
    String levels = "levels: 200ms, 500ms, 1s";
    try (Rig rig = new Rig(home, directory.resolve("whole"), levels).start()) {
      rig.sync();
      rig.commit(30, 100);
      Txid head = rig.sync().txid();
      await().atMost(Duration.ofSeconds(30)).until(() -> isInL3(head));

      await()
          .during(Duration.ofSeconds(2))
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(500))
          .until(() -> isQuietSinceLastAsked(rig));
    }
  }

  private static boolean isQuietSinceLastAsked(Rig rig) {
    boolean quiet = rig.store.requests().isEmpty();
    rig.store.forgetRequests();
    return quiet;
  }

  private boolean isInL3(Txid head) {
    List<Txid> ends = new ArrayList<>();
    new FileReplicaClient(directory.resolve("whole"))
        .list(3, Txid.ZERO, false)
        .forEachRemaining(info -> ends.add(info.name().max()));
    return ends.contains(head);
  }

  private static boolean isOfBranches(Request request) {
    return request.key().contains(Branches.NAME);
  }

  private long count(Operation operation) {
    return store.count(operation);
  }

  private List<String> objects() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("replica/ltx"))) {
      return files.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
    }
  }

  private void write() throws IOException {
    switch (chain.append(batch())) {
      case AppendResult.Appended(var stored, long sizeBytes) ->
          compaction.acknowledged(
              new ObjectInfo(
                  LtxName.batch(stored.position().txid()),
                  sizeBytes,
                  store.storeTime(),
                  new ObjectMetadata(
                      Optional.of(stored.timestamp()),
                      Optional.empty(),
                      Optional.empty(),
                      OptionalLong.of(stored.position().checksum()),
                      OptionalLong.empty())));
      case AppendResult.Adopted adopted -> throw new AssertionError(adopted);
      case AppendResult.Passed passed -> throw new AssertionError(passed);
      case AppendResult.Lost lost -> throw new AssertionError(lost);
    }
  }

  /** Lets time pass; compaction runs when it says so. */
  private void sleep(Duration time) {
    Instant until = now.plus(time);
    while (compaction.untilNext().compareTo(Duration.between(now, until)) <= 0) {
      now = now.plus(compaction.untilNext());
      compaction.run();
    }
    now = until;
  }

  /** A database of one page. */
  private Batch batch() {
    byte[] page = new byte[PAGE_SIZE];
    Arrays.fill(page, (byte) ++written);
    return new Batch(
        1,
        PAGE_SIZE,
        new WalSpan(32 + 536L * (written - 1), 536, 7, 8),
        Optional.of(new WalPoint(7, 8, 32 + 536L * written, 1, 2)),
        PageChecksum.of(1, page, 0, PAGE_SIZE),
        now,
        2048,
        (header, out) -> {
          try (LtxWriter writer = new LtxWriter(out, header, state.scratch())) {
            writer.page(1, page, 0);
            return writer.finish();
          }
        });
  }
}
