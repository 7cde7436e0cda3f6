package dev.tidewal.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.crds.SqliteReplication;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator as a process of its own, on a real cluster. */
@Tag("cluster")
class OperatorProcessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path directory;

  @Test
  void itBecomesReadyReconcilesAndEndsWhenAsked() throws Exception {
    Cluster cluster = Cluster.shared();
    KubernetesClient client = cluster.client();
    String namespace = cluster.newNamespace();
    Path log = directory.resolve("log");
    int health = freePort();
    Process operator = start(cluster, namespace, health, log);
    try {
      await().atMost(PATIENCE).until(() -> status(health, "/readyz") == 200);
      client
          .resource(
              Serialization.unmarshal(
                  """
                  apiVersion: tidewal.dev/v1alpha1
                  kind: SqliteReplication
                  metadata: {name: shop}
                  spec:
                    databases: [{path: /data/app.db}]
                    destinations: [{file: {path: /backup}}]
                  """,
                  SqliteReplication.class))
          .inNamespace(namespace)
          .create();
      await()
          .atMost(PATIENCE)
          .until(() ->
              client
                      .resources(SqliteReplication.class)
                      .inNamespace(namespace)
                      .withName("shop")
                      .get()
                      .getStatus()
                  != null);
    } catch (RuntimeException | AssertionError failed) {
      System.out.println(Files.readString(log));
      throw failed;
    } finally {
      operator.destroy();
    }

    assertThat(operator.waitFor(10, TimeUnit.SECONDS)).as("ends").isTrue();
    assertThat(operator.exitValue()).as("of SIGTERM, not of lost leadership").isEqualTo(143);
    assertThat(client.secrets().inNamespace(namespace).withName("tidewal-certificates").get())
        .isNotNull();
    assertThat(client.configMaps().inNamespace(namespace).withName("tidewal-ca").get().getData())
        .containsKey("ca.crt");
    assertThat(Files.readString(log)).doesNotContain("PRIVATE KEY", "Exception");
  }

  @Test
  void itEndsForGoodWhenAnotherReplicaLeads() throws Exception {
    Cluster cluster = Cluster.shared();
    KubernetesClient client = cluster.client();
    String namespace = cluster.newNamespace();
    Path log = directory.resolve("log");
    Process operator = start(cluster, namespace, freePort(), log);
    try {
      var lease = client.leases().inNamespace(namespace).withName("tidewal");
      await().atMost(PATIENCE).until(() -> lease.get() != null);

      var _ =
          lease.edit(held -> {
            held.getSpec().setHolderIdentity("another");
            held.getSpec().setRenewTime(ZonedDateTime.now(ZoneOffset.UTC).plusHours(1));
            return held;
          });

      assertThat(operator.waitFor(30, TimeUnit.SECONDS)).as(Files.readString(log)).isTrue();
      assertThat(operator.exitValue()).isEqualTo(1);
    } finally {
      var _ = operator.destroyForcibly();
    }
  }

  private Process start(Cluster cluster, String namespace, int health, Path log) throws Exception {
    Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), cluster.kubeconfig());
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.tidewal.operator.Main")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("TIDEWAL_NAMESPACE", namespace);
    builder.environment().put("TIDEWAL_SIDECAR_IMAGE", "tidewal/sidecar:test");
    builder.environment().put("TIDEWAL_HEALTH_PORT", String.valueOf(health));
    builder.environment().put("TIDEWAL_WEBHOOK_PORT", String.valueOf(freePort()));
    builder.environment().put("TIDEWAL_POSITION_PORT", String.valueOf(freePort()));
    return builder.start();
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static int status(int port, String path) {
    try {
      var connection =
          (HttpURLConnection)
              URI.create("http://localhost:" + port + path).toURL().openConnection();
      return connection.getResponseCode();
    } catch (IOException notYet) {
      return 0;
    }
  }
}
