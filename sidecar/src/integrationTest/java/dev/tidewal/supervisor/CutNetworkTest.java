package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.config.Configuration;
import dev.tidewal.config.ConfigurationReader;
import dev.tidewal.core.TidewalException;
import dev.tidewal.replica.CredentialsSource;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClients;
import dev.tidewal.replica.ReplicaUrl;
import dev.tidewal.replica.S3Settings;
import dev.tidewal.replica.StoreCredentials;
import dev.tidewal.replicate.ReplicationEvents;
import dev.tidewal.restore.RestoreListener;
import dev.tidewal.restore.RestoreOptions;
import dev.tidewal.restore.RestoreTarget;
import dev.tidewal.restore.Restorer;
import dev.tidewal.supervisor.Supervisor.Circumstances;
import dev.tidewal.testing.Peers;
import dev.tidewal.testing.StoreServer;
import dev.tidewal.testing.Toxiproxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Toxiproxy ends every connection to a real S3 server after so many bytes, one way or the other:
 * nothing wrong appears, and what was cut is caught up with.
 */
@Tag("integration")
class CutNetworkTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ROUNDS = 8;

  @TempDir private Path directory;

  @Test
  void uploadsAndRestoresThatAreCutAtAnyByteCatchUp() throws Exception {
    long seed = Long.getLong("cut.seed", System.nanoTime());
    System.out.println("cut.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    try (StoreServer server = Peers.startS3(Files.createDirectory(directory.resolve("s3")));
        Toxiproxy network = Toxiproxy.start(directory, server.endpoint())) {
      Files.createDirectories(server.directory().resolve("data/bucket"));
      Path database = directory.resolve("app.db");
      String url = "s3://bucket/app?endpoint=" + network.endpoint() + "&region=us-east-1";
      try (Connection application = DriverManager.getConnection("jdbc:sqlite:" + database);
          Statement sql = application.createStatement()) {
        sql.execute("PRAGMA journal_mode=WAL");
        sql.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, body BLOB)");
        replicate(database, url, sql, network, random);
        sql.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      }
      restore(url, database, network, random);
    }
  }

  private static void replicate(
      Path database, String url, Statement sql, Toxiproxy network, SplittableRandom random)
      throws Exception {
    try (Supervisor supervisor =
        Supervisor.start(
            configuration(database, url),
            Circumstances.BESIDE_APPLICATION,
            ReplicationEvents.NONE)) {
      supervisor.sync(database.toString(), PATIENCE);
      for (int round = 0; round < ROUNDS; round++) {
        network.cutAfter(
            random.nextBoolean() ? Toxiproxy.Way.TO_SERVER : Toxiproxy.Way.TO_CLIENT,
            random.nextInt(1, 200_000));
        sql.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<100)"
                + " INSERT INTO t(body) SELECT randomblob(2000) FROM n");
        Thread.sleep(random.nextInt(400));
        network.heal();
      }
      supervisor.sync(database.toString(), PATIENCE);
      supervisor.stop();
    }
  }

  /** Each try either gives the database, or an error and nothing. */
  private void restore(String url, Path database, Toxiproxy network, SplittableRandom random)
      throws Exception {
    S3Settings settings =
        ((S3Settings) ReplicaUrl.parse(url))
            .withCredentials(
                CredentialsSource.fixed(
                    StoreCredentials.of(StoreServer.ACCESS_KEY, StoreServer.SECRET_KEY)));
    for (int round = 0; round < ROUNDS; round++) {
      Path output = directory.resolve("restored-" + round + ".db");
      try (ReplicaClients clients = new ReplicaClients();
          ReplicaClient client = clients.open(settings)) {
        network.cutAfter(Toxiproxy.Way.TO_CLIENT, random.nextInt(1, 300_000));
        Thread healing =
            Thread.ofVirtual()
                .start(() -> {
                  await().pollDelay(Duration.ofMillis(500)).until(() -> true);
                  network.heal();
                });
        try {
          new Restorer(client, RestoreOptions.DEFAULT, RestoreListener.NONE)
              .restore(RestoreTarget.LATEST, output);
          assertThat(Files.mismatch(output, database)).isEqualTo(-1);
        } catch (TidewalException.StoreUnreachable e) {
          assertThat(output).doesNotExist();
        }
        healing.join();
      }
    }
    Path last = directory.resolve("last.db");
    try (ReplicaClients clients = new ReplicaClients();
        ReplicaClient client = clients.open(settings)) {
      new Restorer(client, RestoreOptions.DEFAULT, RestoreListener.NONE)
          .restore(RestoreTarget.LATEST, last);
    }
    assertThat(Files.mismatch(last, database)).isEqualTo(-1);
  }

  private static Configuration configuration(Path database, String url) {
    return new ConfigurationReader(Map.of(), true)
        .parse(
            """
            databases:
              - path: %s
                destinations:
                  - url: %s
                    access-key-id: %s
                    secret-access-key: %s
                    sync-interval: 50ms
                    read-timeout: 2s
            """
                .formatted(database, url, StoreServer.ACCESS_KEY, StoreServer.SECRET_KEY),
            "cut.yml")
        .configuration();
  }
}
