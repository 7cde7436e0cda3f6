package dev.tidewal.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.core.ByteSize;
import dev.tidewal.core.Txid;
import dev.tidewal.database.Continuity.Recorded;
import dev.tidewal.database.DatabaseSettings;
import dev.tidewal.database.LiveDatabase;
import dev.tidewal.database.SealListener;
import dev.tidewal.fence.Batch;
import dev.tidewal.fence.Chain;
import dev.tidewal.fence.ChainContext;
import dev.tidewal.fence.ClaimResult;
import dev.tidewal.fence.Claims;
import dev.tidewal.fence.Clocks;
import dev.tidewal.fence.RootMarkers;
import dev.tidewal.ltx.LtxHeader.WalSpan;
import dev.tidewal.ltx.LtxWriter;
import dev.tidewal.ltx.PageChecksum;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.state.PageChecksums;
import dev.tidewal.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loop beside a real database, with changes that are told of by hand. */
class ReplicatorTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int PAGE_SIZE = 4096;

  /** Seals and rests as soon as all is settled. */
  private static final DatabaseSettings RESTING =
      new DatabaseSettings(
          DatabaseSettings.Conversion.ALLOWED,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofMillis(5),
          4L << 20,
          16L << 20,
          SealListener.NONE);

  @TempDir private Path directory;
  private final ReplicationProgress progress =
      new ReplicationProgress("app.db", ReplicationEvents.NONE, InstantSource.system());
  private final AtomicInteger asked = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private Connection application;
  private StateDirectory state;
  private PageChecksums checksums;
  private LiveDatabase live;
  private Replicator replicator;
  private Future<Replicator.End> end;

  @BeforeEach
  void follow() throws Exception {
    Path database = directory.resolve("app.db");
    application = DriverManager.getConnection("jdbc:sqlite:" + database);
    execute("PRAGMA journal_mode=WAL");
    execute("CREATE TABLE t(x)");
    state = StateDirectory.open(database, Optional.empty());
    checksums = PageChecksums.open(state.pageChecksums(), state.scratch());
    FileReplicaClient store = new FileReplicaClient(directory.resolve("replica"));
    Chain chain = claim(store);
    Uploader uploader =
        new Uploader(
            store,
            Optional.of(chain),
            () -> new Authority.Answer.StartOver("not asked"),
            checksums,
            state.scratch(),
            InstantSource.system());
    live = LiveDatabase.open(database, RESTING, Recorded.NOTHING);
    replicator =
        new Replicator(
            live,
            state,
            uploader,
            Gap.FULL,
            new ReplicationSettings(
                Duration.ofMillis(10),
                ReplicationSettings.DEFAULT_BURST,
                new Backlog.Limits(256 << 20, 1 << 30),
                Duration.ofSeconds(20)),
            progress,
            InstantSource.system(),
            new SpoolBudget(new ByteSize(1 << 30)));
    end = threads.submit(() -> replicator.run(asked::incrementAndGet));
  }

  @AfterEach
  void close() throws Exception {
    replicator.stop();
    threads.close();
    live.close();
    checksums.close();
    state.close();
    application.close();
  }

  /**
   * With {@code synchronous=FULL} the frames of a commit are written, which wakes us, then synced,
   * which takes its time, and published in the shared index last, which wakes nobody.
   */
  @Test
  void aCommitThatIsPublishedAfterItsWakeUpIsFound() throws Exception {
    await().atMost(PATIENCE).until(() -> progress.view().sealed() && asked.get() > 0);
    Txid before = progress.durable().txid();
    int looks = asked.get();
    replicator.changed(); // frames are written
    await().atMost(PATIENCE).until(() -> asked.get() > looks);
    Thread.sleep(50); // and synced

    execute("INSERT INTO t VALUES(1)"); // and published

    await().atMost(PATIENCE).until(() -> progress.durable().txid().isAfter(before));
    assertThat(end).isNotDone();
  }

  private Chain claim(FileReplicaClient store) throws IOException {
    RootMarkers markers =
        new RootMarkers(
            store, new RootMarkers.Wanted("", "test", Optional.empty(), false), () -> true);
    ChainContext context = new ChainContext(store, state, markers.ensure(), "", Clocks.SYSTEM);
    return switch (Claims.first(context, onePage(), System.nanoTime())) {
      case ClaimResult.Claimed claimed -> claimed.chain();
      case ClaimResult.DecideAgain again -> throw new AssertionError(again.why());
    };
  }

  private Batch onePage() {
    byte[] page = new byte[PAGE_SIZE];
    return new Batch(
        1,
        PAGE_SIZE,
        WalSpan.NONE,
        Optional.empty(),
        PageChecksum.of(1, page, 0, PAGE_SIZE),
        Instant.now(),
        2 * PAGE_SIZE,
        (header, out) -> {
          try (LtxWriter writer = new LtxWriter(out, header, state.scratch())) {
            writer.page(1, page, 0);
            return writer.finish();
          }
        });
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = application.createStatement()) {
      statement.execute(sql);
    }
  }
}
