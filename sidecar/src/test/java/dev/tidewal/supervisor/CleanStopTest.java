package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.core.Position;
import dev.tidewal.replicate.ReplicationState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stop after a final sync, and a start after it: whatever happens to the WAL in between. */
class CleanStopTest {
  private static final long MIB = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path directory;
  private Rig rig;
  private Position stopped;

  @BeforeEach
  void replicate() throws Exception {
    rig = new Rig(directory, 4 * MIB, 1024 * MIB).start();
    awaitReplicating();
    rig.commit(300, 1000);
    rig.sync();
  }

  @AfterEach
  void end() throws Exception {
    rig.close();
  }

  @Test
  void anApplicationThatStaysOpenIsResumed() throws Exception {
    stop();

    start();

    assertResumedWithNothingButTheClaim();
  }

  @Test
  void anApplicationThatClosedBeforeIsResumed() throws Exception {
    rig.closeApplication();
    stop();

    start();

    assertResumedWithNothingButTheClaim();
  }

  @Test
  void anApplicationThatClosesAfterwardsAndTakesTheWalWithItIsResumed() throws Exception {
    stop();
    rig.closeApplication();
    assertThat(directory.resolve("app.db-wal")).doesNotExist();

    start();

    assertResumedWithNothingButTheClaim();
  }

  @Test
  void anApplicationThatOnlyLooksMeanwhileIsResumed() throws Exception {
    stop();
    rig.closeApplication();
    rig.openApplication();
    rig.execute("UPDATE t SET body = NULL WHERE id < 0");
    rig.closeApplication();

    start();

    assertResumedWithNothingButTheClaim();
  }

  @Test
  void aDatabaseWithoutAWalIsResumedAgainAndAgain() throws Exception {
    stop();
    rig.closeApplication();
    start();
    stop();

    start();

    assertResumedWithNothingButTheClaim();
  }

  @Test
  void whatIsCommittedMeanwhileIsResumedWith() throws Exception {
    stop();
    rig.commit(20, 1000);

    start();

    assertThat(rig.status().reason()).isEqualTo("Resumed");
    rig.sync();
    rig.assertReplicaIsTheDatabase();
  }

  @Test
  void whatIsCommittedMeanwhileIntoAWalThatTheSealHadRestartIsResumedWith() throws Exception {
    await().atMost(PATIENCE).until(() -> rig.status().sealed());
    stop();
    rig.commit(20, 1000);

    start();

    assertThat(rig.status().reason()).isEqualTo("Resumed");
    rig.sync();
    rig.assertReplicaIsTheDatabase();
  }

  @Test
  void whatIsCommittedIntoANewWalMeanwhileIsResumedWith() throws Exception {
    stop();
    rig.closeApplication();
    rig.openApplication();
    rig.commit(20, 1000);

    start();

    assertThat(rig.status().reason()).isEqualTo("Resumed");
    rig.sync();
    rig.assertReplicaIsTheDatabase();
  }

  @Test
  void whatWasCommittedAndTruncatedMeanwhileIsADifference() throws Exception {
    stop();
    rig.commit(20, 1000);
    rig.execute("PRAGMA wal_checkpoint(TRUNCATE)");

    start();

    assertThat(rig.status().reason()).isEqualTo("Resynced");
    rig.sync();
    rig.assertReplicaIsTheDatabase();
  }

  @Test
  void whatWasCheckpointedBeforeTheWalWasRestartedMeanwhileIsADifference() throws Exception {
    stop();
    rig.commit(20, 1000);
    rig.execute("PRAGMA wal_checkpoint(PASSIVE)");
    rig.commit(20, 1000);

    start();

    assertThat(rig.status().reason()).isEqualTo("Resynced");
    rig.sync();
    rig.assertReplicaIsTheDatabase();
  }

  @Test
  void aTruncateOfNothingNewIsAtMostADifference() throws Exception {
    stop();
    rig.execute("PRAGMA wal_checkpoint(TRUNCATE)");

    start();

    rig.sync();
    assertThat(rig.status().reason()).isIn("Resumed", "Resynced");
    rig.assertReplicaIsTheDatabase();
  }

  @Test
  void aDatabaseThatWasGivenAnotherPageSizeMeanwhileIsRestorableAtOnce() throws Exception {
    stop();
    rig.execute("PRAGMA journal_mode=DELETE");
    rig.execute("PRAGMA page_size=8192");
    rig.execute("VACUUM");
    rig.execute("PRAGMA journal_mode=WAL");
    rig.commit(20, 1000);

    start();

    rig.sync();
    rig.assertReplicaIsTheDatabase();
  }

  /** A power loss may take the times of a file with it, and leave what was written. */
  @Test
  void inAnotherBootTheTimesOfTheFileProveNothing() throws Exception {
    stop();
    rig.closeApplication();
    Path record = directory.resolve(".app.db-tidewal/clean-stop");
    Files.writeString(record, Files.readString(record).replaceFirst("boot=....", "boot=beef"));

    start();

    assertThat(rig.status().reason()).isEqualTo("Resynced");
    rig.sync();
    rig.openApplication();
    rig.assertReplicaIsTheDatabase();
  }

  @Test
  void aWalFileThatGrewOverTheLimitIsCutBeforeWeLeave() throws Exception {
    rig.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<12000)"
            + " INSERT INTO t(body) SELECT randomblob(1000) FROM n");
    rig.sync();
    assertThat(rig.walBytes()).isGreaterThan(4 * MIB);

    stop();

    assertThat(rig.walBytes()).isLessThanOrEqualTo(4 * MIB);
    start();
    assertResumedWithNothingButTheClaim();
  }

  private void stop() throws Exception {
    rig.stop();
    assertThat(rig.status().reason()).isEqualTo("Stopped");
    stopped = rig.status().durable();
  }

  private void start() throws Exception {
    rig.start();
    awaitReplicating();
  }

  private void assertResumedWithNothingButTheClaim() throws Exception {
    Position now = rig.sync();
    assertThat(rig.status().reason()).isEqualTo("Resumed");
    assertThat(now).isEqualTo(new Position(stopped.txid().next(), stopped.checksum()));
    assertThat(claimBytes(now)).isLessThan(300);
    rig.openApplication();
    rig.assertReplicaIsTheDatabase();
  }

  private long claimBytes(Position at) throws IOException {
    return Files.size(rig.replica.resolve("ltx/0/" + at.txid() + "-" + at.txid() + ".ltx"));
  }

  private void awaitReplicating() {
    await().atMost(PATIENCE).until(() -> rig.status().state() == ReplicationState.REPLICATING);
  }
}
