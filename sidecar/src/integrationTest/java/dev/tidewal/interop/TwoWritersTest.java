package dev.tidewal.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClients;
import dev.tidewal.replicate.ReplicationState;
import dev.tidewal.restore.RestoreListener;
import dev.tidewal.restore.RestoreOptions;
import dev.tidewal.restore.RestoreTarget;
import dev.tidewal.restore.Restorer;
import dev.tidewal.testing.Peers;
import dev.tidewal.testing.StoreServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two copies of one database, each with a sidecar, on one prefix: one history, and the loser stops.
 * {@code -Dtwowriters.seconds} says how long both write.
 */
@Tag("integration")
class TwoWritersTest {
  private static final Duration TOGETHER =
      Duration.ofSeconds(Integer.getInteger("twowriters.seconds", 8));
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @Test
  void onFilesOneHistoryIsLeftAndTheLoserKeepsItsTail() throws Exception {
    oneHistoryIsLeftAndTheLoserKeepsItsTail("url: file://" + directory.resolve("replica"));
  }

  @Test
  void onS3OneHistoryIsLeftAndTheLoserKeepsItsTail() throws Exception {
    try (StoreServer server = Peers.startS3(directory.resolve("s3"))) {
      Files.createDirectories(server.directory().resolve("data/bucket"));
      oneHistoryIsLeftAndTheLoserKeepsItsTail(
          "url: s3://bucket/app?endpoint=" + server.endpoint() + "&region=" + StoreServer.REGION,
          "access-key-id: " + StoreServer.ACCESS_KEY,
          "secret-access-key: " + StoreServer.SECRET_KEY);
    }
  }

  private void oneHistoryIsLeftAndTheLoserKeepsItsTail(String... destination) throws Exception {
    Path first = Files.createDirectory(directory.resolve("first")).resolve("app.db");
    Path second = Files.createDirectory(directory.resolve("second")).resolve("app.db");
    Path config = config(first, destination);
    try (Workload loser = new Workload(first, 1);
        TidewalProcess old = TidewalProcess.replicate(config).awaitReplicating()) {
      loser.write(Duration.ofSeconds(1));
      old.sync(first);
      await().atMost(PATIENCE).until(() -> old.status().sealed());
      copyVolume(first, second);
      try (Workload winner = new Workload(second, 2);
          TidewalProcess young =
              TidewalProcess.replicate(config(second, destination)).awaitReplicating()) {
        Thread writing = Thread.ofVirtual().start(() -> write(loser));
        winner.write(TOGETHER);
        writing.join();
        await().atMost(PATIENCE).until(() -> isOneFenced(old, young));
        boolean youngWon = old.status().state() == ReplicationState.FENCED;
        TidewalProcess left = youngWon ? young : old;
        Path database = youngWon ? second : first;
        left.sync(database);
        (youngWon ? winner : loser).checkpoint();
        assertRestores(config, database);
        Path branches = (youngWon ? first : second).resolveSibling(".app.db-tidewal/branches");
        assertThat(branches).as("the tail of the fenced writer").isNotEmptyDirectory();
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

  private void assertRestores(Path config, Path database) throws Exception {
    Path restored = directory.resolve("restored.db");
    try (ReplicaClients clients = new ReplicaClients();
        ReplicaClient client = clients.open(TidewalProcess.replica(config))) {
      new Restorer(client, RestoreOptions.DEFAULT, RestoreListener.NONE)
          .restore(RestoreTarget.LATEST, restored);
    }
    assertThat(Files.mismatch(restored, database)).as("first byte that differs").isEqualTo(-1);
  }

  /**
   * As a volume snapshot would: database, WAL and our own state, of a writer that stands still and
   * a sidecar at rest. What compaction has in its scratch directory comes and goes.
   */
  private static void copyVolume(Path from, Path to) throws Exception {
    Path state = Path.of(".app.db-tidewal");
    Files.createDirectory(to.resolveSibling(state));
    for (Path place : List.of(Path.of(""), state)) {
      try (Stream<Path> files = Files.list(from.resolveSibling(place))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          if (!file.toString().endsWith("-shm")) {
            Files.copy(file, to.resolveSibling(place).resolve(file.getFileName()));
          }
        }
      }
    }
  }

  /** With levels so short that both compact. */
  private static Path config(Path database, String... destination) throws Exception {
    Path config = database.resolveSibling("tidewal.yml");
    Files.writeString(
        config,
        "databases:\n  - path: "
            + database
            + "\n    destinations:\n      - levels: 1s, 3s, 9s\n        "
            + String.join("\n        ", destination)
            + "\n");
    return config;
  }
}
