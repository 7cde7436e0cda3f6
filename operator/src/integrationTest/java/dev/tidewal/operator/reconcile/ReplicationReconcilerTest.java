package dev.tidewal.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.crds.CheckpointSpec;
import dev.tidewal.crds.DatabaseStatus;
import dev.tidewal.crds.ReplicationStatus.Phase;
import dev.tidewal.crds.SqliteCheckpoint;
import dev.tidewal.crds.SqliteReplication;
import dev.tidewal.operator.Cluster;
import dev.tidewal.operator.cosi.CosiBuckets;
import dev.tidewal.operator.sidecar.Layout;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.Operator;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The reconciler as an operator runs it, against a real API server. */
@Tag("cluster")
class ReplicationReconcilerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static Cluster cluster;
  private static KubernetesClient client;
  private static Operator operator;
  private String namespace;

  @BeforeAll
  static void run() throws Exception {
    cluster = Cluster.shared();
    client = cluster.client();
    operator =
        new Operator(
            settings -> settings.withKubernetesClient(client).withCloseClientOnStop(false));
    operator.register(
        new ReplicationReconciler(
            new CosiBuckets(client), () -> "authorities", InstantSource.system()));
    operator.start();
  }

  @AfterAll
  static void stop() {
    if (operator != null) {
      operator.stop();
    }
  }

  @BeforeEach
  void replicate() {
    namespace = cluster.newNamespace();
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: tidewal.dev/v1alpha1
                kind: SqliteReplication
                metadata: {name: shop}
                spec:
                  databases: [{path: /data/app.db}]
                  destinations: [{s3: {bucket: backups, endpoint: 'http://s3:9000'}}]
                """,
                SqliteReplication.class))
        .inNamespace(namespace)
        .create();
  }

  @Test
  void theSidecarsConfigurationIsWrittenAndHealed() {
    await().atMost(PATIENCE).until(() -> configMap().get() != null);
    String text = configMap().get().getData().get(Layout.CONFIGURATION_FILE);

    configMap()
        .edit(map -> {
          map.setData(Map.of("tidewal.yml", "broken"));
          return map;
        });
    await().atMost(PATIENCE).until(() -> text.equals(text()));
    configMap().delete();
    await().atMost(PATIENCE).until(() -> text.equals(text()));

    assertThat(text).contains("data!app.db");
  }

  @Test
  void statusWaitsForTheFirstWordOfASidecar() throws Exception {
    await().atMost(PATIENCE).until(() -> replication().getStatus() != null);

    assertThat(replication().getStatus().phase()).isEqualTo(Phase.Waiting);
    assertThat(replication().getStatus().observedGeneration()).isEqualTo(1);
    assertThat(cluster.kubectl("get", "sqr", "-n", namespace)).contains("Waiting");
  }

  @Test
  void whatSidecarsSayIsSeenInKubectl() throws Exception {
    createPod();
    tell(position("replicating", 0));
    await().atMost(PATIENCE).until(() -> phase() == Phase.Replicating);
    tell(position("degraded", 75));
    await().atMost(PATIENCE).until(() -> phase() == Phase.Degraded);

    String wide = cluster.kubectl("get", "sqr", "-n", namespace, "-o", "wide");
    System.out.println(wide);
    assertThat(wide).contains("1m15s", "000000000000002a", "shop-0", "backups");
  }

  @Test
  void aStatusThatSaysTheSameIsNotWrittenAgain() throws Exception {
    createPod();
    tell(position("replicating", 0));
    await().atMost(PATIENCE).until(() -> phase() == Phase.Replicating);
    String version = replication().getMetadata().getResourceVersion();

    tell(position("replicating", 0));
    configMap().delete();
    await().atMost(PATIENCE).until(() -> text() != null);

    assertThat(replication().getMetadata().getResourceVersion()).isEqualTo(version);
  }

  @Test
  void aPodThatIsGoneSaysNothingAnyMore() {
    createPod();
    tell(position("degraded", 75));
    await().atMost(PATIENCE).until(() -> phase() == Phase.Degraded);

    client.pods().inNamespace(namespace).withName("shop-0").withGracePeriod(0).delete();

    await().atMost(PATIENCE).until(() -> phase() == Phase.Waiting);
    assertThat(replication().getStatus().databases()).isNull();
  }

  @Test
  void authoritiesThatChangeReachEveryNamespaceWithAReplication() {
    await().atMost(PATIENCE).until(() -> "authorities".equals(authorities()));

    // Our reconciler still has the ones before, and may put them back: that is why it is repeated.
    await()
        .atMost(PATIENCE)
        .until(() -> {
          new Authorities(client, Set.of()).publish("newer");
          return "newer".equals(authorities());
        });
  }

  private String authorities() {
    ConfigMap map = client.configMaps().inNamespace(namespace).withName("tidewal-ca").get();
    return map == null ? null : map.getData().get("ca.crt");
  }

  private void createPod() {
    await()
        .atMost(PATIENCE)
        .until(() ->
            client.serviceAccounts().inNamespace(namespace).withName("default").get() != null);
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: shop-0, labels: {tidewal.dev/replication: shop}}
                spec: {containers: [{name: app, image: 'nosuch:1'}]}
                """,
                Pod.class))
        .inNamespace(namespace)
        .create();
  }

  private Phase phase() {
    return replication().getStatus() == null ? null : replication().getStatus().phase();
  }

  private SqliteReplication replication() {
    return client.resources(SqliteReplication.class).inNamespace(namespace).withName("shop").get();
  }

  private Resource<ConfigMap> configMap() {
    return client.configMaps().inNamespace(namespace).withName("shop-tidewal");
  }

  private String text() {
    ConfigMap map = configMap().get();
    return map == null ? null : map.getData().get(Layout.CONFIGURATION_FILE);
  }

  private void tell(DatabaseStatus database) {
    SqliteCheckpoint checkpoint = new SqliteCheckpoint();
    ObjectMeta meta = new ObjectMeta();
    meta.setName("shop");
    meta.setNamespace(namespace);
    checkpoint.setMetadata(meta);
    checkpoint.setSpec(new CheckpointSpec(List.of(database)));
    client.resource(checkpoint).fieldManager("test").forceConflicts().serverSideApply();
  }

  private static DatabaseStatus position(String state, long lagSeconds) {
    return new DatabaseStatus(
        "/data/app.db",
        "shop-0",
        "node",
        "owner",
        "000000000000002b",
        "000000000000002a",
        lagSeconds,
        4096L,
        "2026-11-20T17:00:00Z",
        "2026-11-20T16:00:00Z",
        null,
        null,
        state,
        state.equals("degraded") ? "StoreUnreachable" : "Resumed",
        null);
  }
}
