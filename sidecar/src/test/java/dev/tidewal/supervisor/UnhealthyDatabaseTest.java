package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.core.Txid;
import dev.tidewal.fence.Branches;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replicate.ReplicationState;
import dev.tidewal.replicate.ReplicationStatus.DiagnosisLine;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnhealthyDatabaseTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path directory;

  @Test
  void aLockAtTheStartIsWaitedForAndNothingIsClaimedMeanwhile() throws Exception {
    try (Rig rig = new Rig(directory, 256L << 20, 1L << 30)) {
      rig.closeApplication();
      rig.openApplication();
      rig.execute("PRAGMA locking_mode=EXCLUSIVE");
      rig.commit(1, 10);

      rig.start();

      await().atMost(PATIENCE).until(() -> rig.status().reason().equals("DatabaseLocked"));
      assertThat(rig.status().state()).isEqualTo(ReplicationState.STARTING);
      assertThat(rig.status().message()).contains("locking_mode=EXCLUSIVE");
      assertThat(rig.store.requests()).isEmpty();
      assertThat(codes(rig)).contains("ExclusiveApplication");
      rig.closeApplication();
      await().atMost(PATIENCE).until(() -> rig.status().state() == ReplicationState.REPLICATING);
      await().atMost(PATIENCE).until(() -> !codes(rig).contains("ExclusiveApplication"));
      rig.assertReplicaIsTheDatabase();
    }
  }

  /** Whoever did that may not have meant it: a difference takes everything away. */
  @Test
  void whatADatabaseHadThatWasDeletedAndBegunAnewStaysRestorable() throws Exception {
    try (Rig rig = new Rig(directory, 256L << 20, 1L << 30).start()) {
      await().atMost(PATIENCE).until(() -> rig.status().state() == ReplicationState.REPLICATING);
      rig.commit(10, 1000);
      Txid last = rig.sync().txid();
      rig.closeApplication();
      for (String suffix : List.of("-wal", "-shm", "")) {
        Files.deleteIfExists(directory.resolve("app.db" + suffix));
      }
      await()
          .atMost(PATIENCE)
          .until(() -> rig.status().state() == ReplicationState.WAITING_FOR_DATABASE);

      try (Connection anew = DriverManager.getConnection("jdbc:sqlite:" + rig.database);
          Statement sql = anew.createStatement()) {
        sql.execute("PRAGMA journal_mode = wal");
        sql.execute("CREATE TABLE other (id INTEGER PRIMARY KEY)");
        await().atMost(PATIENCE).until(() -> rig.status().state() == ReplicationState.REPLICATING);
        assertThat(rig.sync().txid()).isGreaterThan(last);
      }

      assertThat(Branches.read(new FileReplicaClient(rig.replica)))
          .anySatisfy(branch -> assertThat(branch.txid()).isGreaterThanOrEqualTo(last));
      assertThat(rig.rowsAt(last)).isEqualTo(10);
    }
  }

  @Test
  void aDatabaseThatIsDeletedBesideUsIsNotBroughtBack() throws Exception {
    try (Rig rig = new Rig(directory, 256L << 20, 1L << 30).startRestoring()) {
      await().atMost(PATIENCE).until(() -> rig.status().state() == ReplicationState.REPLICATING);
      rig.commit(10, 1000);
      rig.sync();
      rig.closeApplication();

      for (String suffix : List.of("-wal", "-shm", "")) {
        Files.deleteIfExists(directory.resolve("app.db" + suffix));
      }

      await()
          .atMost(PATIENCE)
          .until(() -> rig.status().state() == ReplicationState.WAITING_FOR_DATABASE);
      assertThat(rig.database).doesNotExist();
    }
  }

  @Test
  void anOldSqliteOfTheApplicationIsShownWithItsCure() throws Exception {
    try (Rig rig = new Rig(directory, 256L << 20, 1L << 30)) {
      rig.closeApplication();
      try (RandomAccessFile file = new RandomAccessFile(rig.database.toFile(), "rw")) {
        file.seek(96);
        file.writeInt(3_045_001);
      }

      rig.start();

      await().atMost(PATIENCE).until(() -> codes(rig).contains("OldSqlite"));
      assertThat(rig.status().diagnoses())
          .filteredOn(line -> line.code().equals("OldSqlite"))
          .singleElement()
          .satisfies(line -> {
            assertThat(line.sentence()).contains("3.45.1");
            assertThat(line.cure()).contains("3.51.3");
          });
    }
  }

  private static List<String> codes(Rig rig) {
    return rig.status().diagnoses().stream().map(DiagnosisLine::code).toList();
  }
}
