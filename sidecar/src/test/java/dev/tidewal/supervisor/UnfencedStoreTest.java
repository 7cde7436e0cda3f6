package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.replicate.ReplicationState;
import dev.tidewal.testing.FaultyReplicaClient.Operation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store that ignores conditions, where an upload that nobody waits for any more may replace what
 * was put there since.
 */
class UnfencedStoreTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path directory;

  @Test
  void anUploadThatArrivesLateUndoesNothing() throws Exception {
    try (Rig rig = Rig.unfenced(new Volume(directory), directory.resolve("replica")).start()) {
      rig.sync();
      rig.store.on(Operation.WRITE).key("L0/").times(1).arriveLate();
      rig.store.on(Operation.WRITE).key("L0/").unreachable();
      rig.execute( // too large to be copied: sent again with what comes next
          "INSERT INTO t(body) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n"
              + " WHERE i < 400) SELECT randomblob(10000) FROM n");
      await().atMost(PATIENCE).until(() -> rig.status().lastError().isPresent());
      rig.commit(10, 1000);
      rig.store.heal();
      rig.sync();

      rig.store.deliverLate();

      rig.assertReplicaIsTheDatabase();
      rig.commit(10, 1000);
      rig.sync();
      rig.assertReplicaIsTheDatabase();
    }
  }

  @Test
  void aDifferenceThatArrivesLateUndoesNothing() throws Exception {
    Volume volume = new Volume(Files.createDirectory(directory.resolve("before")));
    Rig before = Rig.unfenced(volume, directory.resolve("replica")).start();
    before.execute("INSERT INTO t(id, body) VALUES(1, zeroblob(3000))");
    before.sync();
    before.store.on(Operation.WRITE).key("L0/").times(1).arriveLate();
    before.store.on(Operation.WRITE).key("L0/").unreachable();
    before.execute("UPDATE t SET body = randomblob(3000) WHERE id = 1");
    await().atMost(PATIENCE).until(() -> before.status().lastError().isPresent());

    Volume killed = volume.copyTo(directory.resolve("after"));
    killed.commit("UPDATE t SET body = zeroblob(3000) WHERE id = 1"); // its WAL goes with it
    try (Rig after = Rig.unfenced(killed, directory.resolve("replica")).start()) {
      after.sync();

      before.store.deliverLate();

      after.assertReplicaIsTheDatabase();
      assertThat(after.status().reason()).isEqualTo("Resynced");
    } finally {
      before.close();
    }
  }

  @Test
  void aStoreThatTakesOnlyObjectsWithoutPagesIsDegraded() throws Exception {
    try (Rig rig = Rig.unfenced(new Volume(directory), directory.resolve("replica")).start()) {
      rig.sync();
      rig.store.on(Operation.WRITE).key("L0/").cutAfter(5000);
      rig.commit(10, 1000);

      await().atMost(PATIENCE).until(() -> rig.status().state() == ReplicationState.DEGRADED);

      rig.store.heal();
      rig.sync();
      rig.assertReplicaIsTheDatabase();
    }
  }

  @Test
  void thatAStoreRefusesNobodyIsShown() throws Exception {
    try (Rig rig = Rig.unfenced(new Volume(directory), directory.resolve("replica")).start()) {
      rig.sync();

      await()
          .atMost(PATIENCE)
          .untilAsserted(() ->
              assertThat(rig.status().diagnoses())
                  .anySatisfy(line -> assertThat(line.code()).isEqualTo("Unfenced")));
    }
  }

  @Test
  void aCleanStopLeavesNothingThatCouldArriveLate() throws Exception {
    try (Rig rig = Rig.unfenced(new Volume(directory), directory.resolve("replica")).start()) {
      rig.commit(10, 1000);
      rig.sync();
      Path mark = directory.resolve(".app.db-tidewal/unsettled");
      assertThat(mark).exists();

      rig.stop();

      assertThat(mark).doesNotExist();
    }
  }
}
