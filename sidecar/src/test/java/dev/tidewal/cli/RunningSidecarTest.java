package dev.tidewal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewal.config.Configuration;
import dev.tidewal.config.ConfigurationReader;
import dev.tidewal.serve.EngineMetrics;
import dev.tidewal.serve.StatusServer;
import dev.tidewal.supervisor.Supervisor;
import dev.tidewal.supervisor.Supervisor.Circumstances;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that ask a sidecar which really replicates. */
class RunningSidecarTest {
  @TempDir Path directory;
  private final Command command = new Command();
  private Path database;
  private String url;
  private Connection application;
  private Supervisor supervisor;
  private StatusServer server;
  private String address;

  @BeforeEach
  void startSidecar() throws Exception {
    database = directory.resolve("app.db");
    url = "file://" + directory.resolve("replica");
    application = DriverManager.getConnection("jdbc:sqlite:" + database);
    execute("PRAGMA journal_mode=WAL");
    execute("PRAGMA wal_autocheckpoint=0");
    execute("CREATE TABLE t (x)");
    Configuration configuration =
        new ConfigurationReader(Map.of(), true)
            .ofArguments(database.toString(), List.of(url))
            .configuration();
    EngineMetrics metrics = new EngineMetrics();
    supervisor = Supervisor.start(configuration, Circumstances.BESIDE_APPLICATION, metrics);
    server =
        StatusServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), supervisor, metrics);
    address = "127.0.0.1:" + server.address().getPort();
    insert();
    assertThat(command.run("sync", "--addr", address)).as(command.err()).isZero();
  }

  @AfterEach
  void stopSidecar() throws Exception {
    server.close();
    supervisor.stop();
    supervisor.close();
    application.close();
  }

  @Test
  void aSnapshotIsStoredNow() throws Exception {
    insert();
    assertThat(command.run("snapshot", "--addr", address, database.toString()))
        .as(command.err())
        .isZero();

    String txid = command.out().strip().replaceAll(".* ", "");
    assertThat(command.run("snapshots", url)).isZero();
    assertThat(command.out()).contains("0000000000000001  " + txid);
    assertThat(command.run("verify", "--restore", url)).as(command.out()).isZero();
  }

  @Test
  void aTruncatingCheckpointMakesTheWalEmptyAndLosesNothing() throws Exception {
    for (int i = 0; i < 20; i++) {
      insert();
    }
    assertThat(Path.of(database + "-wal")).isNotEmptyFile();

    assertThat(command.run("checkpoint", "-mode", "truncate", "--addr", address, name()))
        .as(command.err())
        .isZero();

    assertThat(command.out()).contains("truncate checkpoint", "the WAL has 0 B");
    assertThat(Path.of(database + "-wal")).isEmptyFile();
    insert();
    assertThat(command.run("sync", "--addr", address)).isZero();
    Path restored = directory.resolve("restored.db");
    assertThat(command.run("restore", "-o", restored.toString(), url)).isZero();
    assertThat(StoredDatabase.rows(restored)).isEqualTo(22);
  }

  @Test
  void aReaderInTheWayOfACheckpointIsFour() throws Exception {
    try (Connection reader = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement read = reader.createStatement()) {
      read.execute("BEGIN");
      read.executeQuery("SELECT * FROM t").close();
      insert();

      int code =
          command.run(
              "checkpoint", "--mode", "truncate", "--wait", "2s", "--addr", address, name());

      assertThat(code).as(command.out()).isEqualTo(4);
      assertThat(command.err()).hasLineCount(1).contains("in the way of a truncate checkpoint");
    }
  }

  @Test
  void withoutTheAddressOfTheSidecarTheFileIsLeftAlone() {
    int code = command.run("checkpoint", "--mode", "truncate", "--addr", "127.0.0.1:1", name());

    assertThat(code).isEqualTo(4);
    assertThat(command.err()).hasLineCount(1).contains("already being replicated", "--addr");
  }

  @Test
  void statusShowsWhatRunsBesideWhatTheStoreHolds() throws Exception {
    assertThat(command.run("status", "--addr", address, "--json", name(), url)).isZero();

    JsonNode json = new ObjectMapper().readTree(command.out()).path(0);
    assertThat(json.path("sidecar").path("state").asText()).isEqualTo("replicating");
    assertThat(json.path("sidecar").path("durable").path("txid"))
        .isEqualTo(json.path("replicas").path(0).path("head").path("txid"));
    assertThat(Files.isDirectory(Path.of(json.path("local").path("stateDirectory").asText())))
        .isTrue();
  }

  @Test
  void statusNeedsNoConfigurationWhereASidecarRuns() {
    assertThat(command.run("status", "--addr", address)).as(command.err()).isZero();
    assertThat(command.out()).startsWith(name()).contains("replicating (Adopted)", "; as durable");
  }

  private String name() {
    return database.toString();
  }

  private void insert() throws Exception {
    execute("INSERT INTO t VALUES (randomblob(500))");
  }

  private void execute(String sql) throws Exception {
    try (Statement statement = application.createStatement()) {
      statement.execute(sql);
    }
  }
}
