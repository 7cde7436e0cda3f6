package dev.tidewal.operator.position;

import static org.awaitility.Awaitility.await;

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

  void createPod(String name) {
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec: {containers: [{name: app, image: 'nosuch:1'}]}
                """
                    .formatted(name),
                Pod.class))
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
