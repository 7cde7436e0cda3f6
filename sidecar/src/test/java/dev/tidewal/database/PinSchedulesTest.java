package dev.tidewal.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.database.Continuity.Reason;
import dev.tidewal.database.Continuity.Recorded;
import dev.tidewal.wal.WalHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schedules in which a follower that moves its pin carelessly loses commits. */
class PinSchedulesTest {
  private static final String ONE_ROW = "insert into t(x) values(randomblob(300))";

  @TempDir Path directory;
  private Path database;

  @BeforeEach
  void name() {
    database = directory.resolve("app.db");
  }

  @Test
  void aCaptureThatEndsBeforeABigCommitKeepsThePinWhereItIs() throws Exception {
    try (Application application = Application.withTable(database);
        Following following = Following.from(database)) {
      following.seal();
      application.insert(1, 100);
      following.catchUp();
      following.live.tend();
      application.insert(1, 100);
      application.insert(500, 2000);
      following.take(following.live.capture(1).orElseThrow());

      application.sql("pragma busy_timeout=0");
      application.sql("pragma wal_checkpoint(truncate)");
      WalHealth.State state = following.live.tend().state();
      following.live.tend();
      application.sql("pragma wal_checkpoint(restart)");
      application.insert(1, 100);

      assertThat(state).isNotEqualTo(WalHealth.State.SEALED);
      following.catchUp();
      assertThat(following.live.event()).isEmpty();
      assertReplicaIsTheDatabase(following);
    }
  }

  /** Why the rule is what it is: this is the move that {@link LiveDatabase} never makes. */
  @Test
  void aPinThatMovesPastWhatWasNotCapturedLosesIt() throws Exception {
    try (Application application = Application.withTable(database);
        Pins pins = Pins.open(database);
        WalFile wal = new WalFile(database)) {
      application.insert(1, 100);
      WalHeader before = wal.header().orElseThrow();
      pins.move();
      application.sql("pragma wal_checkpoint(passive)");

      pins.move();
      application.insert(1, 100);

      assertThat(wal.header().orElseThrow().salt1()).isNotEqualTo(before.salt1());
    }
  }

  @Test
  void afterASealAndCheckpointsBehindOurBackOnlyADifferenceIsRight() throws Exception {
    try (Application application = Application.withTable(database)) {
      Following first = Following.from(database);
      application.insert(20, 1000);
      first.catchUp();
      first.seal();
      Recorded recorded = recorded(first);
      first.live.close();

      application.insert(20, 1000);
      application.sql("pragma wal_checkpoint(restart)");
      application.insert(1, 10);
      Following second = Following.resume(database, first.replica, recorded);

      assertThat(second.live.continuity()).isEqualTo(new Continuity.Unproven(Reason.OTHER_SALTS));
      second.take(second.live.difference(second.replica::checksum));
      assertReplicaIsTheDatabase(second);
      second.live.close();
    }
  }

  @Test
  void aRestartThatMissedNothingGoesOnWhereItEnded() throws Exception {
    try (Application application = Application.withTable(database)) {
      Following first = Following.from(database);
      application.insert(20, 1000);
      first.catchUp();
      Recorded recorded = recorded(first);
      first.live.close();

      application.insert(20, 1000);
      Following second = Following.resume(database, first.replica, recorded);

      assertThat(second.live.continuity()).isInstanceOf(Continuity.Proven.class);
      second.catchUp();
      assertReplicaIsTheDatabase(second);
      second.live.close();
    }
  }

  /** The pin comes back on mark 0, where a writer may restart the WAL at any moment. */
  @Test
  void framesThatWereCheckpointedWhileWeWereAwayAreTakenFromTheDatabaseFile() throws Exception {
    for (String mode : new String[] {"passive", "restart"}) {
      database = directory.resolve(mode + ".db");
      try (Application application = Application.withTable(database)) {
        Following first = Following.from(database);
        application.insert(20, 1000);
        first.catchUp();
        Recorded recorded = recorded(first);
        first.live.close();

        application.insert(200, 1000);
        application.sql("delete from t where id%2=0");
        application.sql("pragma wal_checkpoint(" + mode + ")");
        Following second = Following.resume(database, first.replica, recorded);
        application.insert(1, 10);
        application.sql("update t set x=randomblob(500)");

        assertThat(second.live.continuity()).isInstanceOf(Continuity.Proven.class);
        second.catchUp();
        assertReplicaIsTheDatabase(second);
        second.live.close();
      }
    }
  }

  @Test
  void aTruncateRightAfterACommitGetsThroughWithABusyTimeout() throws Exception {
    try (Application application = Application.withTable(database);
        Following following = Following.from(database, DatabaseSettings.DEFAULTS)) {
      following.start();
      for (int round = 0; round < 10; round++) {
        application.insert(50, 1000);
        assertThat(application.sql("pragma wal_checkpoint(truncate)")).isEqualTo("0|0|0");
      }
      following.stop();

      assertReplicaIsTheDatabase(following);
    }
  }

  @Test
  void aTruncateRightAfterACommitWithoutABusyTimeoutLosesNothing() throws Exception {
    try (Application application = Application.withTable(database);
        Following following = Following.from(database)) {
      application.open("impatient", 0);
      following.start();
      for (int round = 0; round < 50; round++) {
        application.insert(50, 1000);
        application.sql("impatient", "pragma wal_checkpoint(truncate)");
      }
      following.stop();

      assertReplicaIsTheDatabase(following);
    }
  }

  @Test
  void checkpointsInEveryModeBesideAWriterLoseNothing() throws Exception {
    try (Application application = Application.withTable(database);
        Application checkpointer = Application.start(database);
        Following following = Following.from(database)) {
      checkpointer.open("main", 20);
      following.start();
      var writing = application.until("main", 2000, ONE_ROW);
      for (int i = 0; !writing.isDone(); i++) {
        String mode = new String[] {"passive", "full", "restart", "truncate"}[i % 4];
        checkpointer.sql("pragma wal_checkpoint(" + mode + ")");
      }
      following.stop();

      assertThat(writing.join()).contains("|0|");
      assertReplicaIsTheDatabase(following);
    }
  }

  @Test
  void anApplicationThatClosesAfterEachWriteNeverDeletesTheWal() throws Exception {
    try (Application application = Application.withTable(database);
        Following following = Following.from(database)) {
      following.start();
      application.closeConnection("main");
      for (int round = 0; round < 60; round++) {
        application.open("main", 1000);
        application.insert(round, 200);
        application.closeConnection("main");
      }
      following.stop();

      assertReplicaIsTheDatabase(following);
    }
  }

  @Test
  void aFlatOutWriterThatCheckpointsWithEachCommitLosesNothing() throws Exception {
    try (Application application = Application.withTable(database);
        Following following = Following.from(database)) {
      application.sql("pragma wal_autocheckpoint=1");
      following.start();
      String written = application.until("main", 2000, ONE_ROW).join();
      following.stop();

      assertThat(written).contains("|0|");
      assertReplicaIsTheDatabase(following);
    }
  }

  @Test
  void aReaderThatNeverEndsIsNamedAndKeepsNobodyFromWriting() throws Exception {
    try (Application application = Application.withTable(database);
        Application reader = Application.start(database);
        Following following = Following.from(database)) {
      application.insert(100, 100);
      reader.open("main", 0);
      reader.hold("main", "select id from t");
      following.start();
      String written = application.until("main", 3000, ONE_ROW).join();
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> following.state() == WalHealth.State.HELD_BY_READER);
      reader.release("main");
      application.insert(1, 10);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> following.state() == WalHealth.State.SEALED);
      following.stop();

      assertThat(written).contains("|0|");
      assertReplicaIsTheDatabase(following);
    }
  }

  private static Recorded recorded(Following following) throws IOException {
    Capture now = following.live.full();
    following.live.abandon(now);
    return new Recorded(now.to(), following.replica.commit(), false);
  }

  private void assertReplicaIsTheDatabase(Following following) throws IOException, SQLException {
    assertThat(following.live.capture(Following.ANY)).isEqualTo(Optional.empty());
    following.replica.assertEqualTo(CommittedState.of(database, directory.resolve("scratch")));
  }
}
