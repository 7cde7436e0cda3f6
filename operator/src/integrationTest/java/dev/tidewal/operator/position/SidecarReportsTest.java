package dev.tidewal.operator.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.config.ConfigurationReader;
import dev.tidewal.crds.DatabaseStatus;
import dev.tidewal.crds.SqliteCheckpoint;
import dev.tidewal.operator.Cluster;
import dev.tidewal.operator.certs.Certificates;
import dev.tidewal.operator.certs.Issuer;
import dev.tidewal.operator.certs.Pem;
import dev.tidewal.operator.certs.ServerIdentity;
import dev.tidewal.replicate.ReplicationEvents;
import dev.tidewal.report.OperatorAddress;
import dev.tidewal.report.PositionReporter;
import dev.tidewal.supervisor.Supervisor;
import dev.tidewal.supervisor.Supervisor.Circumstances;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real sidecar beside a real database reports to the real service of a real cluster. */
@Tag("cluster")
class SidecarReportsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private KubernetesClient client;
  private String namespace;

  @Test
  void positionsArriveAndTheLastOneIsThatOfTheEnd() throws Exception {
    Cluster cluster = Cluster.shared();
    client = cluster.client();
    namespace = cluster.newNamespace();
    Tokens tokens = new Tokens(client, namespace);
    tokens.createReplication();
    tokens.createPod("shop-0");
    Certificates certificates =
        new Issuer(Set.of("localhost"), InstantSource.system()).renew(Optional.empty());
    Path token = Files.writeString(directory.resolve("token"), tokens.token("shop-0", "tidewal"));
    Path authority = Files.writeString(directory.resolve("ca.crt"), Pem.of(certificates.bundle()));

    String last;
    try (CheckpointWriter writer = new CheckpointWriter(client);
        PositionServer server =
            PositionServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new ServerIdentity(certificates.leaf()),
                client,
                writer)) {
      Map<String, String> environment =
          Map.of(
              "TIDEWAL_POSITION_URL",
              "https://localhost:" + server.port(),
              "TIDEWAL_POSITION_TOKEN",
              token.toString(),
              "TIDEWAL_POSITION_CA",
              authority.toString(),
              "TIDEWAL_REPLICATION",
              namespace + "/shop",
              "TIDEWAL_NODE",
              "here");
      insert();
      try (Supervisor sidecar = start()) {
        try (PositionReporter reporter =
            PositionReporter.start(OperatorAddress.of(environment).orElseThrow(), sidecar)) {
          await()
              .atMost(PATIENCE)
              .until(() ->
                  records().stream().anyMatch(record -> "replicating".equals(record.state())));
          insert();
          insert();
          sidecar.stop();
          last = sidecar.statuses().getFirst().durable().txid().toString();
        }
      }
      await().atMost(PATIENCE).until(() -> last.equals(records().getFirst().durableTxid()));
    }
    assertThat(records().getFirst().pod()).isEqualTo("shop-0");
    assertThat(records().getFirst().node()).isEqualTo("here");
    assertThat(records().getFirst().state()).isEqualTo("stopped");
  }

  private Supervisor start() throws Exception {
    var configuration =
        new ConfigurationReader(Map.of(), true)
            .ofArguments(
                directory.resolve("app.db").toString(),
                List.of("file://" + directory.resolve("replica")));
    return Supervisor.start(
        configuration.configuration(), Circumstances.BESIDE_APPLICATION, ReplicationEvents.NONE);
  }

  private List<DatabaseStatus> records() {
    SqliteCheckpoint checkpoint =
        client.resources(SqliteCheckpoint.class).inNamespace(namespace).withName("shop").get();
    return checkpoint == null ? List.of() : checkpoint.getSpec().databases();
  }

  private void insert() throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("app.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = wal");
      statement.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY)");
      statement.execute("INSERT INTO t DEFAULT VALUES");
    }
  }
}
