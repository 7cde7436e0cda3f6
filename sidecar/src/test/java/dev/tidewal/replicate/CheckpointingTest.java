package dev.tidewal.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.Position;
import dev.tidewal.core.Txid;
import dev.tidewal.database.Continuity.Recorded;
import dev.tidewal.database.DatabaseSettings;
import dev.tidewal.database.LiveDatabase;
import dev.tidewal.database.SealListener;
import dev.tidewal.database.WalHealth;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.state.Acknowledged;
import dev.tidewal.state.CleanStop;
import dev.tidewal.state.Dropped;
import dev.tidewal.state.PageChecksums;
import dev.tidewal.state.StateDirectory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded about a database file, beside a real one. */
class CheckpointingTest {
  private static final Txid FIVE = new Txid(5);

  /** Seals as soon as all is settled. */
  private static final DatabaseSettings EAGER =
      new DatabaseSettings(
          DatabaseSettings.Conversion.ALLOWED,
          Duration.ZERO,
          Duration.ofSeconds(30),
          Duration.ofMillis(5),
          4L << 20,
          16L << 20,
          SealListener.NONE);

  @TempDir private Path directory;
  private Connection application;
  private LiveDatabase live;
  private StateDirectory state;
  private PageChecksums checksums;
  private Checkpointing checkpointing;

  @BeforeEach
  void follow() throws Exception {
    Path database = directory.resolve("app.db");
    application = DriverManager.getConnection("jdbc:sqlite:" + database);
    execute("PRAGMA journal_mode=WAL");
    execute("CREATE TABLE t(x)");
    state = StateDirectory.open(database, Optional.empty());
    checksums = PageChecksums.open(state.pageChecksums(), state.scratch());
    live = LiveDatabase.open(database, EAGER, Recorded.NOTHING);
    live.settle(live.full());
    Uploader uploader =
        new Uploader(
            new FileReplicaClient(directory.resolve("replica")),
            Optional.empty(),
            () -> new Authority.Answer.StartOver("not asked"),
            checksums,
            state.scratch(),
            InstantSource.system());
    checkpointing = new Checkpointing(live, state, uploader, 1 << 20);
    state.acknowledge(acknowledged(5));
  }

  @AfterEach
  void close() throws Exception {
    live.close();
    checksums.close();
    state.close();
    application.close();
  }

  @Test
  void whatIsDurableCountsAsInTheFileOnceTheWalIsCopied() throws Exception {
    seal(Optional.of(FIVE));

    assertThat(backfilled()).isEqualTo(FIVE);
  }

  @Test
  void whileSomethingWaitsNothingIsRecorded() throws Exception {
    seal(Optional.empty());
    assertThat(backfilled()).isEqualTo(Txid.ZERO);

    checkpointing.tend(Optional.of(FIVE));

    assertThat(backfilled()).as("nothing waits any more").isEqualTo(FIVE);
  }

  @Test
  void whatWasCapturedSinceIsRecordedAnew() throws Exception {
    seal(Optional.of(FIVE));
    capture();
    state.acknowledge(acknowledged(6));

    seal(Optional.of(new Txid(6)));

    assertThat(backfilled()).isEqualTo(new Txid(6));
  }

  @Test
  void aCleanEndIsRecordedAtTheAcknowledgedPosition() throws Exception {
    assertThat(checkpointing.leave()).isTrue();

    assertThat(state.cleanStop().map(CleanStop::txid)).contains(FIVE);
    assertThat(backfilled()).isEqualTo(FIVE);
  }

  @Test
  void anEndAfterSomethingWasDroppedIsNotClean() throws Exception {
    state.recordDropped(new Dropped(FIVE, Instant.EPOCH));

    assertThat(checkpointing.leave()).isFalse();

    assertThat(state.cleanStop()).isEmpty();
    assertThat(backfilled()).isEqualTo(Txid.ZERO);
  }

  @Test
  void anEndWithCommitsThatNobodyCapturedIsNotClean() throws Exception {
    execute("INSERT INTO t VALUES(2)");

    assertThat(checkpointing.leave()).isFalse();

    assertThat(state.cleanStop()).isEmpty();
  }

  @Test
  void eachLookAtTheWalIsToldWithWhetherTheDatabaseWasRewritten() throws Exception {
    List<Boolean> rewritten = new ArrayList<>();
    checkpointing.listener((health, isRewritten) -> rewritten.add(isRewritten));
    execute(
        "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n"
            + " WHERE i < 3000) SELECT randomblob(4000) FROM n");
    capture();
    checkpointing.tend(Optional.empty());
    execute("UPDATE t SET x = randomblob(4000)");
    capture();

    checkpointing.tend(Optional.empty());

    assertThat(rewritten).containsExactly(false, true);
  }

  /** Captures and settles all, as a batch that was copied does. */
  private void capture() throws Exception {
    execute("INSERT INTO t VALUES(1)");
    live.capture(Long.MAX_VALUE)
        .ifPresent(batch -> {
          checkpointing.captured(batch);
          live.settle(batch);
        });
  }

  private void seal(Optional<Txid> durable) throws Exception {
    for (int attempt = 0; attempt < 1000; attempt++) {
      if (checkpointing.tend(durable).state() == WalHealth.State.SEALED) {
        return;
      }
      Thread.sleep(5);
    }
    throw new AssertionError("never sealed");
  }

  private Txid backfilled() {
    return state.acknowledged().orElseThrow().backfilled();
  }

  private static Acknowledged acknowledged(long txid) {
    return new Acknowledged(
        new Position(new Txid(txid), 0),
        Optional.empty(),
        2,
        4096,
        Txid.ZERO,
        "owner",
        1,
        Instant.EPOCH,
        "database",
        "");
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = application.createStatement()) {
      statement.execute(sql);
    }
  }
}
