package dev.tidewal.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replicate.ReplicationState;
import dev.tidewal.restore.RestoreListener;
import dev.tidewal.restore.RestoreOptions;
import dev.tidewal.restore.RestoreTarget;
import dev.tidewal.restore.Restorer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two copies of one database, each with a sidecar, on one prefix: one history, and the loser stops.
 */
@Tag("integration")
class TwoWritersTest {
  private static final Duration TOGETHER =
      Duration.ofSeconds(Integer.getInteger("twowriters.seconds", 20));

  @TempDir private Path directory;

  @Test
  void oneHistoryIsLeftAndTheLoserKeepsItsTail() throws Exception {
    Path replica = directory.resolve("replica");
    Path first = directory.resolve("first/app.db");
    Path second = directory.resolve("second/app.db");
    Files.createDirectories(first.getParent());
    try (Workload loser = new Workload(first, 1)) {
      try (TidewalProcess old =
          TidewalProcess.replicate(config(first, replica)).awaitReplicating()) {
        loser.write(Duration.ofSeconds(1));
        old.sync(first);
        copyVolume(first, second);
        try (Workload winner = new Workload(second, 2);
            TidewalProcess young =
                TidewalProcess.replicate(config(second, replica)).awaitReplicating()) {
          Thread writing = Thread.ofVirtual().start(() -> write(loser));
          winner.write(TOGETHER);
          writing.join();
          await().atMost(Duration.ofSeconds(60)).until(() -> isOneFenced(old, young));
          boolean youngWon = old.status().state() == ReplicationState.FENCED;
          TidewalProcess left = youngWon ? young : old;
          Path database = youngWon ? second : first;
          left.sync(database);
          (youngWon ? winner : loser).checkpoint();
          assertRestores(replica, database);
          Path branches = (youngWon ? first : second).resolveSibling(".app.db-tidewal/branches");
          assertThat(branches).as("the tail of the fenced writer").isNotEmptyDirectory();
        }
      }
    }
  }

  private static boolean isOneFenced(TidewalProcess one, TidewalProcess other) {
    return (one.status().state() == ReplicationState.FENCED)
        != (other.status().state() == ReplicationState.FENCED);
  }

  private static void write(Workload workload) {
    try {
      workload.write(TOGETHER);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void assertRestores(Path replica, Path database) throws Exception {
    Path restored = directory.resolve("restored.db");
    new Restorer(new FileReplicaClient(replica), RestoreOptions.DEFAULT, RestoreListener.NONE)
        .restore(RestoreTarget.LATEST, restored);
    assertThat(Files.mismatch(restored, database)).as("first byte that differs").isEqualTo(-1);
  }

  /** As a volume snapshot would: database, WAL and our own state, of a writer that stands still. */
  private static void copyVolume(Path from, Path to) throws Exception {
    Process copy =
        new ProcessBuilder("cp", "-a", from.getParent().toString(), to.getParent().toString())
            .inheritIO()
            .start();
    assertThat(copy.waitFor()).isZero();
  }

  private Path config(Path database, Path replica) throws Exception {
    Path config = database.resolveSibling("tidewal.yml");
    Files.writeString(
        config,
        "databases:\n  - path: "
            + database
            + "\n    destinations:\n      - type: file\n        path: "
            + replica
            + "\n");
    return config;
  }
}
