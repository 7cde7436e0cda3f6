package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.fence.Moment;
import dev.tidewal.replicate.ReplicationState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody empties the bucket: the database goes on from its own file, and says so loudly. */
class LostReplicaTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path directory;

  @Test
  void aReplicaThatIsEmptiedBetweenStartsIsBegunAnew() throws Exception {
    try (Rig rig = new Rig(new Volume(directory), directory.resolve("replica")).start()) {
      rig.commit(50, 1000);
      rig.sync();
      rig.stop();
      FragileReplica.empty(rig.replica);

      rig.start();
      rig.sync();

      assertThat(rig.status().reason()).isEqualTo("ReplicaLost");
      rig.assertReplicaIsTheDatabase();
    }
  }

  @Test
  void aReplicaThatIsEmptiedWhileItsOwnerWritesIsBegunAnew() throws Exception {
    try (Rig rig =
        new Rig(new Volume(directory), directory.resolve("replica"), "levels: 1s").start()) {
      rig.commit(50, 1000);
      rig.sync();
      FragileReplica.empty(rig.replica);

      await()
          .atMost(PATIENCE)
          .until(() -> {
            rig.commit(1, 1000);
            return rig.status().reason().equals("ReplicaLost");
          });
      await().atMost(PATIENCE).until(() -> rig.status().state() == ReplicationState.REPLICATING);
      rig.sync();

      rig.assertReplicaIsTheDatabase();
    }
  }

  @Test
  void aDatabaseThatIsGoneTooIsNotBegunEmpty() throws Exception {
    try (Rig rig = new Rig(new Volume(directory), directory.resolve("replica")).start()) {
      rig.commit(50, 1000);
      rig.sync();
    }
    Volume volume = new Volume(directory);
    FragileReplica.empty(directory.resolve("replica"));
    Files.delete(volume.database());

    try (Volume.Begun begun = volume.begin(directory.resolve("replica"), Moment.RESTORE_STEP)) {
      assertThat(begun.launch()).isInstanceOf(Launch.Refused.class);
      assertThat(begun.launch().reason()).isEqualTo("ReplicaLost");
    }
  }
}
