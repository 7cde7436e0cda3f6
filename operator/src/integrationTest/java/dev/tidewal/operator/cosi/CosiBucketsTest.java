package dev.tidewal.operator.cosi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidewal.crds.CosiSpec;
import dev.tidewal.operator.Cluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * COSI's own definitions (v1alpha1, from {@code COSI_CRDS}) in a real API server; its controller
 * and driver are played by the test, which writes statuses and Secrets as they do.
 */
@Tag("cluster")
@TestMethodOrder(MethodOrderer.MethodName.class)
class CosiBucketsTest {
  private static final CosiSpec CREATED = new CosiSpec(null, null, null, "fast", "keys", null);
  private static final Map<String, String> LABELS = Map.of("app", "test");

  private static Cluster cluster;
  private static KubernetesClient client;
  private static CosiBuckets buckets;
  private String namespace;

  @BeforeAll
  static void install() throws Exception {
    String folder = System.getenv("COSI_CRDS");
    assumeTrue(folder != null, "COSI_CRDS names no folder with COSI's definitions");
    cluster = Cluster.shared();
    client = cluster.client();
    buckets = new CosiBuckets(client);
    assertThat(state("default", CREATED))
        .isInstanceOfSatisfying(
            BucketState.NotReady.class,
            absent -> assertThat(absent.reason()).isEqualTo("CosiNotInstalled"));
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
        try (InputStream stream = Files.newInputStream(file)) {
          CustomResourceDefinition definition =
              client.apiextensions().v1().customResourceDefinitions().load(stream).item();
          Map<String, String> annotations =
              new HashMap<>(definition.getMetadata().getAnnotations());
          annotations.put("api-approved.kubernetes.io", "unapproved, test only");
          definition.getMetadata().setAnnotations(annotations);
          client.resource(definition).serverSideApply();
        }
      }
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            state("default", new CosiSpec(null, "x", null, null, null, null))
                    instanceof BucketState.NotReady missing
                && missing.reason().equals("AccessNotFound"));
  }

  @BeforeEach
  void namespace() {
    namespace = cluster.newNamespace();
  }

  @Test
  void aClaimAndThenAnAccessAreCreatedAndWaitedFor() {
    assertThat(reason(CREATED)).isEqualTo("BucketNotReady");
    assertThat(reason(CREATED)).as("asked again, created once").isEqualTo("BucketNotReady");
    status("BucketClaim", "shop-primary", Map.of("bucketReady", true, "bucketName", ""));
    assertThat(reason(CREATED)).as("ready without a name").isEqualTo("BucketNotReady");

    status("BucketClaim", "shop-primary", Map.of("bucketReady", true, "bucketName", "bucket-1"));
    assertThat(reason(CREATED)).isEqualTo("AccessNotGranted");

    status("BucketAccess", "shop-primary-a", Map.of("accessGranted", true, "accountID", "a1"));
    assertThat(reason(CREATED)).isEqualTo("SecretNotFound");

    secret("shop-primary-a", Map.of());
    assertThat(reason(CREATED)).as("there and empty").isEqualTo("SecretIncomplete");

    secret("shop-primary-a", Map.of("BucketInfo", "{}"));
    assertThat(state(namespace, CREATED)).isEqualTo(new BucketState.Ready("bucket-1"));
  }

  @Test
  void whatWeMakeHasNoOwnerAndNoFinalizerOfOurs() {
    reason(CREATED);

    GenericKubernetesResource claim = resource("BucketClaim", "shop-primary").get();

    assertThat(claim.getMetadata().getOwnerReferences()).isEmpty();
    assertThat(claim.getMetadata().getFinalizers()).isEmpty();
    assertThat(claim.getMetadata().getLabels()).isEqualTo(LABELS);
  }

  @Test
  void aClaimOfAPersonIsUsedAndNeverMade() {
    CosiSpec named = new CosiSpec(null, null, "mine", null, "keys", null);

    assertThat(reason(named)).isEqualTo("ClaimNotFound");
    assertThat(resource("BucketClaim", "mine").get()).isNull();
  }

  @Test
  void anAccessOfAPersonGivesItsSecret() {
    buckets.advance(namespace, "shop", "primary", CREATED, LABELS);
    status("BucketClaim", "shop-primary", Map.of("bucketReady", true, "bucketName", "bucket-1"));
    reason(CREATED);
    status("BucketAccess", "shop-primary-a", Map.of("accessGranted", true, "accountID", "a1"));
    secret("shop-primary-a", Map.of("BucketInfo", "{}"));
    CosiSpec named = new CosiSpec(null, "shop-primary-a", null, null, null, null);

    assertThat(state(namespace, named)).isInstanceOf(BucketState.Ready.class);
    assertThat(buckets.secretOf(namespace, "shop-primary-a")).hasValue("shop-primary-a");
    assertThat(buckets.secretOf(namespace, "absent")).isEmpty();
  }

  private String reason(CosiSpec spec) {
    return ((BucketState.NotReady) state(namespace, spec)).reason();
  }

  private static BucketState state(String namespace, CosiSpec spec) {
    return buckets.advance(namespace, "shop", "primary", spec, LABELS);
  }

  private void status(String kind, String name, Map<String, Object> status) {
    GenericKubernetesResource resource = resource(kind, name).get();
    resource.setAdditionalProperty("status", status);
    client.resource(resource).patchStatus();
  }

  private Resource<GenericKubernetesResource> resource(String kind, String name) {
    return client
        .genericKubernetesResources("objectstorage.k8s.io/v1alpha1", kind)
        .inNamespace(namespace)
        .withName(name);
  }

  private void secret(String name, Map<String, String> data) {
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(namespace)
            .endMetadata()
            .withStringData(data)
            .build();
    client.resource(secret).serverSideApply();
  }
}
