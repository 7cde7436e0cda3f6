package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.config.Configuration;
import dev.tidewal.config.ConfigurationReader;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replicate.ReplicationEvents;
import dev.tidewal.restore.RestoreListener;
import dev.tidewal.restore.RestoreOptions;
import dev.tidewal.restore.RestoreTarget;
import dev.tidewal.restore.Restorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConnection;

/** A whole sidecar with two file stores: the second follows the first and looks after itself. */
class SeveralDestinationsTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private Path database;
  private Path first;
  private Path second;
  private Connection application;
  private Supervisor supervisor;
  private LtxName lost = LtxName.batch(Txid.FIRST);

  @BeforeEach
  void start() throws Exception {
    database = directory.resolve("app.db");
    first = directory.resolve("first");
    second = directory.resolve("second");
    application = DriverManager.getConnection("jdbc:sqlite:" + database);
    execute("PRAGMA journal_mode=WAL");
    execute("CREATE TABLE t(id INTEGER PRIMARY KEY, body BLOB)");
    Configuration configuration =
        new ConfigurationReader(Map.of(), true)
            .parse(
                """
                addr: off
                databases:
                  - path: %s
                    destinations:
                      - path: %s
                        sync-interval: 10ms
                        levels: 200ms, 600ms, 1800ms
                        snapshot: {interval: 1s}
                      - path: %s
                        levels: 500ms, 1500ms
                        snapshot: {interval: 24h}
                """
                    .formatted(database, first, second),
                "two.yml")
            .configuration();
    supervisor =
        Supervisor.start(
            configuration, Supervisor.Circumstances.BESIDE_APPLICATION, ReplicationEvents.NONE);
  }

  @AfterEach
  void stop() throws Exception {
    supervisor.stop();
    supervisor.close();
    application.close();
  }

  @Test
  void theSecondHasTheSameBatchesAndLevelsOfItsOwn() throws Exception {
    await()
        .atMost(LONG)
        .until(() -> {
          commit();
          return names(second, 2).size() >= 2;
        });
    assertThatItFollows();

    assertThat(names(second, 0)).isEqualTo(names(first, 0));
    assertThat(names(second, 3)).isEmpty();
    assertThat(names(second, 9)).containsExactly(LtxName.snapshot(Txid.FIRST));
    assertThat(restored(second)).isEqualTo(content());
  }

  @Test
  void whenTheSecondLosesAnObjectItGoesOnFromASnapshotOfTheFirst() throws Exception {
    await()
        .atMost(LONG)
        .until(() -> {
          commit();
          return names(second, 1).size() >= 2;
        });
    assertThatItFollows();
    loseNewest();

    await()
        .atMost(LONG)
        .until(() -> {
          commit();
          if (isMerged(lost)) {
            loseNewest();
          }
          return !names(second, 9).getLast().max().isBefore(lost.max());
        });
    LtxName snapshot = names(second, 9).getLast();
    await()
        .atMost(LONG)
        .until(() -> {
          commit();
          return names(second, 2).stream().anyMatch(name -> name.max().isAfter(snapshot.max()));
        });
    assertThatItFollows();
    assertThat(restored(second)).isEqualTo(content());
  }

  private void loseNewest() throws Exception {
    commit();
    assertThatItFollows();
    lost = names(second, 0).getLast();
    Files.delete(second.resolve("ltx/0").resolve(lost.fileName()));
  }

  /** Compaction was faster than we. */
  private boolean isMerged(LtxName batch) {
    return names(second, 1).stream()
        .anyMatch(name -> !name.min().isAfter(batch.min()) && !name.max().isBefore(batch.max()));
  }

  private void commit() throws SQLException {
    execute("INSERT INTO t(body) VALUES(randomblob(200))");
  }

  private void assertThatItFollows() {
    await()
        .atMost(LONG)
        .until(() -> {
          Txid durable = supervisor.sync(database.toString(), LONG).txid();
          return names(second, 0).getLast().max().equals(durable);
        });
  }

  private byte[] content() throws SQLException {
    return application.unwrap(SQLiteConnection.class).serialize("main");
  }

  private byte[] restored(Path replica) throws IOException {
    Path output = directory.resolve("restored.db");
    new Restorer(new FileReplicaClient(replica), RestoreOptions.DEFAULT, RestoreListener.NONE)
        .restore(RestoreTarget.LATEST, output);
    return Files.readAllBytes(output);
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = application.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<LtxName> names(Path replica, int level) {
    List<LtxName> names = new ArrayList<>();
    new FileReplicaClient(replica)
        .list(level, Txid.ZERO, false)
        .forEachRemaining(info -> names.add(info.name()));
    return names;
  }
}
