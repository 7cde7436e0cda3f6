package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.replicate.ReplicationState;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockedDatabaseTest {
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
      rig.closeApplication();
      await().atMost(PATIENCE).until(() -> rig.status().state() == ReplicationState.REPLICATING);
      rig.assertReplicaIsTheDatabase();
    }
  }
}
