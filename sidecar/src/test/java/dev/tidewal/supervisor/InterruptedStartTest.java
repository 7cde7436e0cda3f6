package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.fence.Moment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sidecar that dies soon after its start finds its own file again. */
class InterruptedStartTest {
  private static final long MIB = 1 << 20;
  private static final String FIRST = "0000000000000001-0000000000000001.ltx";

  @TempDir private Path directory;
  private Path replica;

  @BeforeEach
  void replicaWithHistory() throws Exception {
    Path home = Files.createDirectory(directory.resolve("home"));
    try (Rig rig = new Rig(home, 256 * MIB, 1024 * MIB).start()) {
      rig.commit(100, 1000);
      rig.sync();
      replica = rig.replica;
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> Files.exists(replica.resolve("ltx/9/" + FIRST)));
    }
    // As retention leaves it: what the file holds can't be compared with each batch any more.
    Files.delete(replica.resolve("ltx/0/" + FIRST));
  }

  @Test
  void afterARestoreAndAKillBeforeTheFirstSealTheFileIsKnown() throws Exception {
    Volume killed = restoredAndKilled("");

    try (Volume.Begun again = killed.begin(replica, Moment.BESIDE_APPLICATION)) {
      assertThat(again.launch().reason()).isEqualTo("Resynced");
    }
    assertThatReplicationGoesOn(killed);
  }

  @Test
  void afterARestoreWritesAndAKillBeforeTheFirstSealTheFileIsKnown() throws Exception {
    Volume killed = restoredAndKilled("INSERT INTO t(body) VALUES('written after the restore')");

    try (Volume.Begun again = killed.begin(replica, Moment.BESIDE_APPLICATION)) {
      assertThat(again.launch().reason()).isEqualTo("Resynced");
    }
    assertThatReplicationGoesOn(killed);
  }

  @Test
  void afterARestoreOnANewVolumeAndAKillTheRestoreStepGoesOnToo() throws Exception {
    Volume killed = restoredAndKilled("");

    try (Volume.Begun again = killed.begin(replica, Moment.RESTORE_STEP)) {
      assertThat(again.launch().reason()).isEqualTo("Resynced");
      assertThat(killed.keptAside()).isEmpty();
    }
  }

  /** What is on disk when the sidecar is killed right after it restored, before it followed. */
  private Volume restoredAndKilled(String sql) throws Exception {
    Volume volume = new Volume(Files.createDirectory(directory.resolve("volume")));
    try (Volume.Begun restored = volume.begin(replica, Moment.RESTORE_STEP)) {
      assertThat(restored.launch().reason()).isEqualTo("Restored");
      if (!sql.isEmpty()) {
        volume.commit(sql);
      }
      return volume.copyTo(directory.resolve("killed"));
    }
  }

  private void assertThatReplicationGoesOn(Volume volume) throws Exception {
    try (Rig rig = new Rig(volume, replica).start()) {
      rig.commit(10, 1000);
      rig.sync();

      rig.assertReplicaIsTheDatabase();
    }
  }
}
