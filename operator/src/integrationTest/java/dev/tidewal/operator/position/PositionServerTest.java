package dev.tidewal.operator.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.tidewal.core.PositionReport;
import dev.tidewal.crds.DatabaseStatus;
import dev.tidewal.crds.SqliteCheckpoint;
import dev.tidewal.operator.Cluster;
import dev.tidewal.operator.certs.Certificates;
import dev.tidewal.operator.certs.Issuer;
import dev.tidewal.operator.certs.ServerIdentity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reports with tokens of real pods, against a real API server. */
@Tag("cluster")
class PositionServerTest {
  private static Cluster cluster;
  private static KubernetesClient client;
  private static PositionServer server;
  private static CheckpointWriter writer;
  private static HttpClient http;
  private String namespace;
  private Tokens tokens;

  @BeforeAll
  static void serve() throws Exception {
    cluster = Cluster.shared();
    client = cluster.client();
    Certificates certificates =
        new Issuer(Set.of("localhost"), InstantSource.system()).renew(Optional.empty());
    writer = new CheckpointWriter(client);
    server =
        PositionServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new ServerIdentity(certificates.leaf()),
            client,
            writer);
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("tidewal", certificates.authority().certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    http = HttpClient.newBuilder().sslContext(context).build();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
      writer.close();
      http.close();
    }
  }

  @BeforeEach
  void pods() {
    namespace = cluster.newNamespace();
    tokens = new Tokens(client, namespace);
    tokens.createReplication();
    tokens.createPod("shop-0");
    tokens.createPod("shop-1");
  }

  @Test
  void eachPodHasItsOwnRecords() throws Exception {
    assertThat(put(tokens.token("shop-0", "tidewal"), report("/data/app.db", "0a"))).isEqualTo(202);
    assertThat(put(tokens.token("shop-1", "tidewal"), report("/data/app.db", "0b"))).isEqualTo(202);

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(records())
                .extracting(DatabaseStatus::pod, DatabaseStatus::txid)
                .containsExactlyInAnyOrder(tuple("shop-0", "0a"), tuple("shop-1", "0b")));
  }

  @Test
  void aPositionThatAdvancesIsNotWrittenMoreOftenThanEveryTenSeconds() throws Exception {
    String token = tokens.token("shop-0", "tidewal");
    put(token, report("/data/app.db", "00"));
    await().atMost(Duration.ofSeconds(30)).until(() -> !records().isEmpty());
    String version = version();
    long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
    int count = 0;
    while (System.nanoTime() < end) {
      put(token, report("/data/app.db", "%02x".formatted(++count & 0xff)));
    }

    assertThat(version()).as("after %s reports", count).isEqualTo(version);
    String last = "%02x".formatted(count & 0xff);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(records().getFirst().txid()).isEqualTo(last));
  }

  @Test
  void tokensForOthersAndOfOthersAreRefused() throws Exception {
    assertThat(put(tokens.token("shop-0", "vault"), report("/data/app.db", "0a"))).isEqualTo(401);
    assertThat(put("garbage", report("/data/app.db", "0a"))).isEqualTo(401);
    assertThat(
            put(
                tokens.token("shop-0", "tidewal"),
                new PositionReport(1, "kube-system/shop", null, false, List.of())))
        .isEqualTo(403);
    assertThat(records()).isEmpty();
  }

  @Test
  void aPodReportsForTheReplicationOfItsLabelOnly() throws Exception {
    tokens.createPod("bank-0", "bank");
    tokens.createPod("odd-0", "Odd_Name");

    assertThat(put(tokens.token("bank-0", "tidewal"), report("/data/app.db", "0a"))).isEqualTo(403);
    assertThat(
            put(
                tokens.token("odd-0", "tidewal"),
                new PositionReport(1, namespace + "/Odd_Name", null, false, List.of())))
        .isEqualTo(403);
    assertThat(records()).isEmpty();
  }

  @Test
  void aReplicationThatIsNotThereGetsNoCheckpoint() throws Exception {
    tokens.createPod("bank-0", "bank");
    PodIdentity pod = new PodIdentity(namespace, "bank-0", "bank");

    try (CheckpointWriter ending = new CheckpointWriter(client)) {
      ending.take(pod, report("/data/app.db", "0a"));
    }

    assertThat(client.resources(SqliteCheckpoint.class).inNamespace(namespace).list().getItems())
        .isEmpty();
  }

  @Test
  void whatWaitsIsWrittenAtTheEnd() {
    try (CheckpointWriter ending = new CheckpointWriter(client)) {
      ending.take(shop(0), report("/data/app.db", "01"));
      await().atMost(Duration.ofSeconds(30)).until(() -> !records().isEmpty());
      ending.take(shop(0), report("/data/app.db", "02"));
    }

    assertThat(records()).extracting(DatabaseStatus::txid).containsExactly("02");
  }

  @Test
  void twoReplicasOfTheOperatorLoseNothingOfEachOther() {
    try (CheckpointWriter one = new CheckpointWriter(client);
        CheckpointWriter other = new CheckpointWriter(client)) {
      one.take(shop(0), report("/data/app.db", "01"));
      await().atMost(Duration.ofSeconds(30)).until(() -> !records().isEmpty());
      other.take(shop(0), report("/data/app.db", "02"));
      other.take(shop(1), report("/data/app.db", "05"));
      await().atMost(Duration.ofSeconds(30)).until(() -> records().size() == 2);
      one.take(shop(0), report("/data/app.db", "01"));
    }

    assertThat(records())
        .extracting(DatabaseStatus::pod, DatabaseStatus::txid)
        .containsExactlyInAnyOrder(tuple("shop-0", "01"), tuple("shop-1", "05"));
  }

  private PodIdentity shop(int ordinal) {
    return new PodIdentity(namespace, "shop-" + ordinal, "shop");
  }

  private int put(String token, PositionReport report) throws Exception {
    return http.send(
            HttpRequest.newBuilder(
                    URI.create("https://localhost:" + server.port() + PositionReport.PATH))
                .header("Authorization", "Bearer " + token)
                .PUT(BodyPublishers.ofByteArray(report.toJson()))
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  private PositionReport report(String database, String txid) {
    return new PositionReport(
        PositionReport.VERSION,
        namespace + "/shop",
        "node",
        false,
        List.of(
            new PositionReport.Database(
                database,
                null,
                txid,
                txid,
                0L,
                0L,
                null,
                null,
                null,
                null,
                "replicating",
                "Resumed",
                null)));
  }

  private List<DatabaseStatus> records() {
    SqliteCheckpoint checkpoint = checkpoint();
    return checkpoint == null ? List.of() : checkpoint.getSpec().databases();
  }

  private String version() {
    return checkpoint().getMetadata().getResourceVersion();
  }

  private SqliteCheckpoint checkpoint() {
    return client.resources(SqliteCheckpoint.class).inNamespace(namespace).withName("shop").get();
  }
}
