package dev.tidewal.operator.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidewal.crds.SqliteReplication;
import dev.tidewal.operator.Cluster;
import dev.tidewal.operator.certs.Certificates;
import dev.tidewal.operator.certs.Issuer;
import dev.tidewal.operator.certs.Pem;
import dev.tidewal.operator.certs.ServerIdentity;
import dev.tidewal.operator.cosi.CosiBuckets;
import dev.tidewal.operator.inject.InjectionSettings;
import dev.tidewal.operator.inject.Injector;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pods as a real API server creates them, with our webhook in between. */
@Tag("cluster")
class WebhookTest {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: %s
        annotations: {tidewal.dev/inject: %s}
      spec:
        securityContext: {runAsUser: 1000}
        containers:
          - name: app
            image: nosuch:1
            volumeMounts: [{name: data, mountPath: /data}]
        volumes: [{name: data, emptyDir: {}}]
      """;

  private static final String OF_NOTHING =
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: MutatingWebhookConfiguration
      metadata: {name: upgraded}
      webhooks:
        - name: inject.tidewal.dev
          admissionReviewVersions: [v1]
          sideEffects: None
          clientConfig: {url: 'https://localhost:1'}
          rules:
            - {apiGroups: [nosuch.dev], apiVersions: [v1], operations: [CREATE], resources: [x]}
      """;

  private static Cluster cluster;
  private static KubernetesClient client;
  private static AdmissionServer server;
  private static Certificates certificates;
  private String namespace;

  @BeforeAll
  static void serve() throws Exception {
    cluster = Cluster.shared();
    client = cluster.client();
    certificates =
        new Issuer(Set.of(cluster.host()), InstantSource.system()).renew(Optional.empty());
    server =
        AdmissionServer.start(
            new InetSocketAddress(0),
            new ServerIdentity(certificates.leaf()),
            new Injector(
                new InjectionSettings(
                    "tidewal/sidecar:test",
                    Optional.empty(),
                    Duration.ofSeconds(60),
                    "cluster-uid")),
            new KubernetesView(client, new CosiBuckets(client)));
    client
        .resource(configuration("https://" + cluster.host() + ":" + server.port(), certificates))
        .serverSideApply();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          try {
            create("default", "probe", "nothing");
            client.pods().inNamespace("default").withName("probe").delete();
            return false;
          } catch (KubernetesClientException refused) {
            return refused.getMessage().contains("SqliteReplication nothing");
          }
        });
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
      client
          .admissionRegistration()
          .v1()
          .mutatingWebhookConfigurations()
          .withName("tidewal")
          .delete();
    }
  }

  @BeforeEach
  void replicate() {
    namespace = cluster.newNamespace();
    SqliteReplication replication =
        Serialization.unmarshal(
            """
            apiVersion: tidewal.dev/v1alpha1
            kind: SqliteReplication
            metadata: {name: shop}
            spec:
              databases: [{path: /data/app.db}]
              destinations: [{s3: {bucket: backups, endpoint: 'http://s3:9000'}}]
            """,
            SqliteReplication.class);
    client.resource(replication).inNamespace(namespace).create();
  }

  @Test
  void aPodGetsBothContainersInOrder() {
    Pod pod = create(namespace, "shop", "shop");

    assertThat(pod.getSpec().getInitContainers())
        .extracting(Container::getName)
        .containsExactly("tidewal-restore", "tidewal");
    assertThat(pod.getSpec().getInitContainers().get(1).getRestartPolicy()).isEqualTo("Always");
    assertThat(pod.getSpec().getTerminationGracePeriodSeconds()).isEqualTo(60);
  }

  @Test
  void aDeploymentThatOverlapsSaysSoInItsReplicaSet() throws Exception {
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: shop}
                spec:
                  selector: {matchLabels: {app: shop}}
                  template:
                    metadata:
                      labels: {app: shop}
                      annotations: {tidewal.dev/inject: shop}
                    spec:
                      securityContext: {runAsUser: 1000}
                      containers:
                        - name: app
                          image: nosuch:1
                          volumeMounts: [{name: data, mountPath: /data}]
                      volumes: [{name: data, emptyDir: {}}]
                """,
                Deployment.class))
        .inNamespace(namespace)
        .create();

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> cluster.kubectl("describe", "rs", "-n", namespace).contains("Recreate"));

    assertThat(client.pods().inNamespace(namespace).list().getItems()).isEmpty();
  }

  @Test
  void warningsReachThePersonAtTheKeyboard() throws Exception {
    String output =
        cluster.kubectl(
            "run",
            "shop",
            "-n",
            namespace,
            "--image=nosuch:1",
            "--annotations=tidewal.dev/inject=shop",
            "--overrides={\"spec\":{\"containers\":[{\"name\":\"shop\",\"image\":\"nosuch:1\","
                + "\"volumeMounts\":[{\"name\":\"d\",\"mountPath\":\"/data\"}]}],"
                + "\"volumes\":[{\"name\":\"d\",\"hostPath\":{\"path\":\"/tmp\"}}]}}");

    assertThat(output).contains("Warning: tidewal: volume d is a directory of the node");
    assertThat(output).contains("Warning: tidewal: container shop has no securityContext");
  }

  @Test
  void aPodOfNothingIsRefusedWithTheCure() {
    assertThatThrownBy(() -> create(namespace, "other", "nosuch"))
        .hasMessageContaining("there is no SqliteReplication nosuch in namespace " + namespace);
  }

  @Test
  void aNameThatNothingCanHaveIsRefusedWithTheCure() {
    assertThatThrownBy(() -> create(namespace, "other", "'Not/A_Name'"))
        .hasMessageContaining("tidewal.dev/inject is 'Not/A_Name'")
        .hasMessageContaining("write the name of a SqliteReplication");
  }

  @Test
  void theAuthoritiesAreSetAgainWhenAnUpgradeTookThemAway() {
    String bundle = base64(certificates);
    WebhookConfiguration ours = new WebhookConfiguration(client, "upgraded");
    ours.trust(bundle);
    client.resource(Serialization.unmarshal(OF_NOTHING, GenericKubernetesResource.class)).create();

    ours.trust(bundle);
    var first = hook("upgraded").get();
    var _ =
        hook("upgraded")
            .edit(there -> {
              there.getWebhooks().getFirst().getClientConfig().setCaBundle(null);
              return there;
            });
    ours.trust(bundle);
    var second = hook("upgraded").get();
    hook("upgraded").delete();

    assertThat(first.getWebhooks().getFirst().getClientConfig().getCaBundle()).isEqualTo(bundle);
    assertThat(second.getWebhooks().getFirst().getClientConfig().getCaBundle()).isEqualTo(bundle);
  }

  @Test
  void aPodThatDidNotAskIsNeverSentToUs() {
    Pod pod =
        client
            .resource(Serialization.unmarshal(POD.formatted("plain", "x"), Pod.class))
            .inNamespace(namespace)
            .item();
    pod.getMetadata().setAnnotations(null);

    Pod created = client.resource(pod).inNamespace(namespace).create();

    assertThat(created.getSpec().getInitContainers()).isEmpty();
  }

  private static Pod create(String namespace, String name, String replication) {
    return client
        .resource(Serialization.unmarshal(POD.formatted(name, replication), Pod.class))
        .inNamespace(namespace)
        .create();
  }

  private static Resource<MutatingWebhookConfiguration> hook(String name) {
    return client.admissionRegistration().v1().mutatingWebhookConfigurations().withName(name);
  }

  private static String base64(Certificates certificates) {
    return Base64.getEncoder()
        .encodeToString(Pem.of(certificates.bundle()).getBytes(StandardCharsets.US_ASCII));
  }

  private static GenericKubernetesResource configuration(String url, Certificates certificates) {
    return Serialization.unmarshal(
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingWebhookConfiguration
        metadata: {name: tidewal}
        webhooks:
          - name: inject.tidewal.dev
            admissionReviewVersions: [v1]
            sideEffects: None
            failurePolicy: Fail
            reinvocationPolicy: IfNeeded
            timeoutSeconds: 5
            clientConfig:
              url: %s/inject
              caBundle: %s
            rules:
              - {apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}
            matchConditions:
              - name: asked
                expression: >-
                  has(object.metadata.annotations)
                  && 'tidewal.dev/inject' in object.metadata.annotations
        """
            .formatted(url, base64(certificates)),
        GenericKubernetesResource.class);
  }
}
