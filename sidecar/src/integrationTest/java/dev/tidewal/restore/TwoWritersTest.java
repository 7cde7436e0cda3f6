package dev.tidewal.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.TidewalException.Refused;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.testing.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Litestream does not notice a second writer of its prefix; a restore of ours does. */
@Tag("integration")
class TwoWritersTest {
  @TempDir Path directory;

  @Test
  void aMixtureOfTwoHistoriesIsRefused() throws Exception {
    Path first = database("a");
    Path second = database("b");
    Files.copy(first, second);
    Path replica = directory.resolve("replica");
    LitestreamPeer peerOfFirst = peer(first, replica);
    LitestreamPeer peerOfSecond = peer(second, replica);

    Process one = peerOfFirst.replicate();
    Process two = peerOfSecond.replicate();
    try {
      for (int i = 0; i < 150; i++) {
        insert(first, "a");
        insert(second, "b");
        Thread.sleep(30);
      }
    } finally {
      LitestreamPeer.stop(one);
      LitestreamPeer.stop(two);
    }

    Path output = directory.resolve("out.db");
    try (FileReplicaClient client = new FileReplicaClient(replica)) {
      new Restorer(client, RestoreOptions.DEFAULT, RestoreListener.NONE)
          .restore(RestoreTarget.LATEST, output);
      assertThat(writers(output)).as("what was restored is one history").hasSizeLessThan(2);
    } catch (Refused refused) {
      assertThat(refused).hasMessageContaining("two writers");
      assertThat(output).doesNotExist();
    }
  }

  private LitestreamPeer peer(Path database, Path replica) throws IOException {
    return new LitestreamPeer(
        Peers.litestream(),
        database.getParent(),
        """
        levels:
          - interval: 1s
        dbs:
          - path: %s
            monitor-interval: 50ms
            replica:
              type: file
              path: %s
              sync-interval: 50ms
        """
            .formatted(database, replica),
        database.toString());
  }

  private Path database(String name) throws IOException, SQLException {
    Path file = Files.createDirectories(directory.resolve(name)).resolve("app.db");
    if (name.equals("a")) {
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
          Statement sql = connection.createStatement()) {
        sql.execute("PRAGMA journal_mode=WAL");
        sql.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, who, pad)");
      }
    }
    return file;
  }

  private static void insert(Path database, String who) throws SQLException {
    String url = "jdbc:sqlite:" + database + "?busy_timeout=30000";
    try (Connection connection = DriverManager.getConnection(url);
        Statement sql = connection.createStatement()) {
      sql.execute("INSERT INTO t VALUES (NULL, '" + who + "', randomblob(400))");
    }
  }

  private static Set<String> writers(Path database) throws SQLException {
    Set<String> writers = new TreeSet<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement sql = connection.createStatement();
        var rows = sql.executeQuery("SELECT DISTINCT who FROM t")) {
      while (rows.next()) {
        writers.add(rows.getString(1));
      }
    }
    return writers;
  }
}
