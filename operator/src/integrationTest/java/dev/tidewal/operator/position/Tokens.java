package dev.tidewal.operator.position;

import static org.awaitility.Awaitility.await;

import dev.tidewal.crds.SqliteReplication;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;

/** Pods of a namespace and their tokens, as the kubelet would ask for them. */
final class Tokens {
  private final KubernetesClient client;
  private final String namespace;

  Tokens(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            client.serviceAccounts().inNamespace(namespace).withName("default").get() != null);
  }

  /** A pod with the sidecar of replication shop. */
  void createPod(String name) {
    createPod(name, "shop");
  }

  void createPod(String name, String replication) {
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, labels: {tidewal.dev/replication: %s}}
                spec: {containers: [{name: app, image: 'nosuch:1'}]}
                """
                    .formatted(name, replication),
                Pod.class))
        .inNamespace(namespace)
        .create();
  }

  void createReplication() {
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
  }

  String token(String pod, String audience) {
    String uid = client.pods().inNamespace(namespace).withName(pod).get().getMetadata().getUid();
    TokenRequest request =
        client
            .serviceAccounts()
            .inNamespace(namespace)
            .withName("default")
            .tokenRequest(
                new TokenRequestBuilder()
                    .withNewSpec()
                    .withAudiences(audience)
                    .withExpirationSeconds(3600L)
                    .withNewBoundObjectRef()
                    .withApiVersion("v1")
                    .withKind("Pod")
                    .withName(pod)
                    .withUid(uid)
                    .endBoundObjectRef()
                    .endSpec()
                    .build());
    return request.getStatus().getToken();
  }
}
