package dev.tidewal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewal.replicate.ReplicationState;
import dev.tidewal.serve.EngineMetrics;
import dev.tidewal.serve.FakeDatabases;
import dev.tidewal.serve.StatusServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shown of databases that were really replicated. */
class StatusCommandTest {
  /** Nobody listens there. */
  private static final String NOBODY = "127.0.0.1:1";

  @TempDir Path directory;
  private final Command command = new Command();
  private Path database;
  private String url;

  @BeforeEach
  void replicateTwice() throws Exception {
    database = directory.resolve("app.db");
    url = "file://" + directory.resolve("replica");
    for (int i = 0; i < 2; i++) {
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE IF NOT EXISTS t (x)");
        statement.execute("INSERT INTO t VALUES (1)");
      }
      assertThat(command.run("replicate", "-once", database.toString(), url)).isZero();
    }
  }

  @Test
  void withoutASidecarTheStateDirectoryAndTheStoreAreCompared() throws Exception {
    assertThat(status(database.toString(), url)).as(command.err()).isZero();
    assertThat(command.out())
        .startsWith(database.toString())
        .contains("no sidecar runs it here", "; as durable")
        .containsPattern("restores  from 0000000000000001 .* to [0-9a-f]{16} ");

    assertThat(status("--json", database.toString(), url)).isZero();
    JsonNode json = new ObjectMapper().readTree(command.out()).path(0);
    JsonNode replica = json.path("replicas").path(0);
    assertThat(json.path("sidecar").isNull()).isTrue();
    assertThat(json.path("local").path("durable").path("txid").asText())
        .isEqualTo(replica.path("head").path("txid").asText());
    assertThat(json.path("local").path("owner").asText())
        .isEqualTo(replica.path("head").path("owner").asText());
    assertThat(replica.path("levels").path(0).path("objects").asInt()).isGreaterThan(1);
  }

  @Test
  void aReplicaThatLostItsNewestObjectsIsBehind() throws Exception {
    Path newest;
    try (Stream<Path> batches = Files.list(directory.resolve("replica/ltx/0"))) {
      newest = batches.filter(path -> path.toString().endsWith(".ltx")).max(Path::compareTo).get();
    }
    Files.delete(newest);

    assertThat(status(database.toString(), url)).isZero();
    assertThat(command.out()).contains("1 BEHIND what was durable: objects are missing");
  }

  @Test
  void aGapIsFive() throws Exception {
    Files.delete(directory.resolve("replica/ltx/0/0000000000000001-0000000000000001.ltx"));
    try (Stream<Path> snapshots = Files.walk(directory.resolve("replica/ltx"))) {
      for (Path path : snapshots.filter(each -> each.getParent().endsWith("9")).toList()) {
        Files.delete(path);
      }
    }

    assertThat(status(url)).isEqualTo(5);
    assertThat(command.out()).contains("BROKEN");
  }

  @Test
  void aRunningSidecarIsAskedAsWell() throws Exception {
    FakeDatabases databases = new FakeDatabases();
    databases.put(database.toString(), ReplicationState.REPLICATING, "Resumed", "");
    try (StatusServer server =
        StatusServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            databases,
            new EngineMetrics())) {
      String address = "127.0.0.1:" + server.address().getPort();

      assertThat(command.run("status", "--addr", address, database.toString(), url)).isZero();
      assertThat(command.out())
          .contains("replicating (Resumed), local 000000000000000c, lag 1.5 s and 8.0 KiB");

      assertThat(command.run("status", "--json", "--addr", address)).isZero();
      JsonNode json = new ObjectMapper().readTree(command.out()).path(0);
      assertThat(json.path("sidecar").path("lagBytes").asInt()).isEqualTo(8240);
    }
  }

  @Test
  void aStoreThatCanNotBeReadIsNamedBesideWhatIsKnown() throws Exception {
    String other = "s3://bucket/app?endpoint=http://127.0.0.1:1&connect-timeout=1s";

    // Whether it gets as far as the network depends on what credentials this machine has.
    assertThat(status(database.toString(), other)).isIn(6, 7);
    assertThat(command.out()).contains("durable   0000", "ERROR     ");
  }

  @Test
  void withNothingToShowTheCureIsNamed() {
    assertThat(status()).isEqualTo(2);
    assertThat(command.err()).contains("write status DB URL", "--config");
  }

  private int status(String... arguments) {
    String[] all =
        Stream.concat(Stream.of("status", "--addr", NOBODY), Stream.of(arguments))
            .toArray(String[]::new);
    return command.run(all);
  }
}
