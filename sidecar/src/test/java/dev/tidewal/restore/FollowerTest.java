package dev.tidewal.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.TidewalException.Refused;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.testing.FaultyReplicaClient;
import dev.tidewal.testing.FaultyReplicaClient.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;
  private LiveSource source;
  private FaultyReplicaClient replica;
  private Path copy;

  @BeforeEach
  void open() throws Exception {
    source = new LiveSource(directory.resolve("app.db"), 1024);
    replica = new FaultyReplicaClient(new FileReplicaClient(directory.resolve("replica")));
    copy = directory.resolve("copy.db");
    source.sql("CREATE TABLE t (id INTEGER PRIMARY KEY, v, pad)");
    source.sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)"
            + " INSERT INTO t SELECT i, 0, randomblob(200) FROM n");
    source.batch(replica);
  }

  @AfterEach
  void close() throws Exception {
    source.close();
    replica.close();
  }

  @Test
  void readersSeeEachNewStateAndNoWalMode() throws Exception {
    try (Follower follower = follow()) {
      for (int value = 1; value <= 5; value++) {
        source.sql("UPDATE t SET v = " + value);
        source.batch(replica);

        assertThat(follower.round()).isEqualTo(new FollowStatus.UpToDate(source.newest(), 1));

        assertCopyIs(source.newest());
      }
    }
    assertThat(query("SELECT max(v) FROM t")).isEqualTo("5");
    assertThat(query("PRAGMA integrity_check")).isEqualTo("ok");
    assertThat(query("PRAGMA journal_mode")).isEqualTo("delete");
  }

  @Test
  void theDatabaseShrinksAndGrowsWithItsSource() throws Exception {
    try (Follower follower = follow()) {
      source.sql("DELETE FROM t WHERE id > 10", "VACUUM");
      source.batch(replica);
      follower.round();
      assertCopyIs(source.newest());

      source.sql(
          "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
              + " INSERT INTO t SELECT i, 0, randomblob(200) FROM n");
      source.batch(replica);
      follower.round();
      assertCopyIs(source.newest());
    }
  }

  @Test
  void aRestartGoesOnWhereTheLastRunEnded() throws Exception {
    follow().close();
    changes(3);

    try (Follower follower = follow()) {
      assertThat(follower.applied()).isEqualTo(Txid.FIRST);
      follower.round();
      assertCopyIs(source.newest());
    }
  }

  @Test
  void batchesThatWereCompactedAwayAreTakenFromTheLevels() throws Exception {
    try (Follower follower = follow()) {
      changes(6);
      source.store(replica, new LtxName(1, new Txid(2), new Txid(4)));
      source.store(replica, new LtxName(2, new Txid(2), new Txid(5)));
      delete(2, 3, 4, 5);

      follower.round();

      assertCopyIs(source.newest());
      assertThat(replica.requests())
          .noneMatch(
              request -> request.key().startsWith("L9/") && request.operation() == Operation.OPEN);
    }
  }

  @Test
  void aGapInAllLevelsIsBridgedByANewerSnapshot() throws Exception {
    try (Follower follower = follow()) {
      changes(6);
      source.store(replica, LtxName.snapshot(new Txid(6)));
      delete(2, 3, 4, 5, 6);

      follower.round();

      assertCopyIs(source.newest());
    }
  }

  @Test
  void aGapThatNothingBridgesIsReportedEveryRoundUntilItCloses() throws Exception {
    try (Follower follower = follow()) {
      changes(4);
      delete(3);

      for (int round = 0; round < 3; round++) {
        assertThat(follower.round())
            .isInstanceOfSatisfying(
                FollowStatus.Gap.class,
                gap -> {
                  assertThat(gap.at()).isEqualTo(new Txid(2));
                  assertThat(gap.missing().from()).isEqualTo(new Txid(3));
                  assertThat(gap.missing().to()).isEqualTo(new Txid(3));
                });
      }

      source.store(replica, LtxName.batch(new Txid(3)));
      assertThat(follower.round()).isInstanceOf(FollowStatus.UpToDate.class);
      assertCopyIs(source.newest());
    }
  }

  @Test
  void whenLevelZeroWasEmptiedTheHigherLevelsAreFoundAfterARestart() throws Exception {
    follow().close();
    changes(3);
    source.store(replica, new LtxName(1, new Txid(2), source.newest()));
    delete(2, 3, 4);

    try (Follower follower = follow()) {
      follower.round();
      assertCopyIs(source.newest());
    }
  }

  @Test
  void aDamagedObjectIsNeverAppliedAndIsReported() throws Exception {
    try (Follower follower = follow()) {
      byte[] before = Files.readAllBytes(copy);
      changes(1);
      replica.on(Operation.OPEN).flipByte(150);

      assertThat(follower.round()).isInstanceOf(FollowStatus.Failed.class);

      assertThat(copy).hasBinaryContent(before);
      replica.heal();
      follower.round();
      assertCopyIs(source.newest());
    }
  }

  @Test
  void anUnreachableStoreIsReportedAndTriedAgain() throws Exception {
    try (Follower follower = follow()) {
      changes(1);
      replica.on(Operation.LIST).unreachable();
      assertThat(follower.round()).isInstanceOf(FollowStatus.Failed.class);

      replica.heal();
      assertThat(follower.round()).isInstanceOf(FollowStatus.UpToDate.class);
      assertCopyIs(source.newest());
    }
  }

  @Test
  void aPurgedReplicaIsSaid() throws Exception {
    follow().close();
    replica.deleteAll();

    try (Follower follower = follow()) {
      assertThat(follower.round()).isInstanceOf(FollowStatus.Ahead.class);
    }
  }

  @Test
  void aReplicaThatWasBegunAnewIsNotMixedWithWhatWasFollowed() throws Exception {
    source.recordChecksums();
    follow().close();
    byte[] followed = Files.readAllBytes(copy);
    replica.deleteAll();
    try (LiveSource other = new LiveSource(directory.resolve("other.db"), 1024)) {
      other.recordChecksums();
      other.sql("CREATE TABLE t (id INTEGER PRIMARY KEY, v, pad)");
      for (int i = 0; i < 3; i++) {
        other.sql("INSERT INTO t VALUES (" + (1000 + i) + ", 7, randomblob(200))");
        other.batch(replica);
      }
    }

    try (Follower follower = follow()) {
      assertThatThrownBy(follower::round)
          .isInstanceOf(Refused.class)
          .hasMessageContaining("begun anew");
    }
    assertThat(copy).hasBinaryContent(followed);
  }

  @Test
  void everyStateThatIsReachedIsTheRecordedOne() throws Exception {
    source.recordChecksums();
    source.batch(replica);
    try (Follower follower = follow()) {
      changes(3);
      source.sql("DELETE FROM t WHERE id > 10", "VACUUM");
      source.batch(replica);
      source.sql(
          "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
              + " INSERT INTO t SELECT i, 0, randomblob(200) FROM n");
      source.batch(replica);
      follower.round();
      assertCopyIs(source.newest());
    }
    try (Follower follower = follow()) {
      changes(6);
      source.store(replica, LtxName.snapshot(source.newest()));
      long last = source.newest().value();
      delete((int) last - 1, (int) last);

      follower.round();

      assertCopyIs(source.newest());
    }
  }

  @Test
  void aCopyThatSomebodyWroteToIsRefused() throws Exception {
    follow().close();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM t");
    }

    assertThatThrownBy(this::follow)
        .isInstanceOf(Refused.class)
        .hasMessageContaining("was changed by another program");
  }

  @Test
  void anyOtherDatabaseIsLeftAlone() throws IOException {
    Files.writeString(copy, "precious");

    assertThatThrownBy(this::follow).isInstanceOf(Refused.class);

    assertThat(copy).hasContent("precious");
  }

  @Test
  void aReaderThatStaysIsWaitedForAndThenPutOff() throws Exception {
    try (Follower follower =
        Follower.open(
            replica,
            copy,
            RestoreOptions.DEFAULT,
            Duration.ofMillis(200),
            FollowListener.NONE,
            RestoreListener.NONE)) {
      changes(1);
      try (FollowReader reader = FollowReader.holdingARead(copy)) {
        assertThat(follower.round()).isInstanceOf(FollowStatus.Busy.class);
        assertThat(reader.isAlive()).isTrue();
      }
      assertThat(follower.round()).isInstanceOf(FollowStatus.UpToDate.class);
      assertCopyIs(source.newest());
    }
  }

  @Test
  void readersInAnotherProcessNeverSeeAMixture() throws Exception {
    try (Follower follower = follow();
        FollowReader reader = FollowReader.checkingForMixtures(copy)) {
      for (int value = 1; value <= 30; value++) {
        source.sql(
            "UPDATE t SET v = " + value, "INSERT INTO t SELECT NULL, v, pad FROM t LIMIT 20");
        source.batch(replica);
        assertThat(follower.round()).isInstanceOf(FollowStatus.UpToDate.class);
      }
      List<String> findings = reader.stop();
      assertThat(findings).first().asString().startsWith("reads ");
      assertThat(findings).hasSize(1);
    }
  }

  private void changes(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      source.sql("UPDATE t SET v = v + 1 WHERE id % 7 = " + i);
      source.batch(replica);
    }
  }

  private void delete(int... txids) {
    for (int txid : txids) {
      replica.delete(List.of(LtxName.batch(new Txid(txid))));
    }
  }

  private Follower follow() throws IOException {
    return Follower.open(
        replica, copy, RestoreOptions.DEFAULT, PATIENCE, FollowListener.NONE, RestoreListener.NONE);
  }

  /** All but journal mode, change counter and what goes with it is the source's. */
  private void assertCopyIs(Txid txid) throws IOException {
    byte[] expected = source.stateAt(txid).clone();
    byte[] actual = Files.readAllBytes(copy);
    for (int at : new int[] {18, 19, 24, 25, 26, 27, 92, 93, 94, 95}) {
      expected[at] = actual[at];
    }
    assertThat(actual).isEqualTo(expected);
  }

  private String query(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
        Statement statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      return result.getString(1);
    }
  }
}
