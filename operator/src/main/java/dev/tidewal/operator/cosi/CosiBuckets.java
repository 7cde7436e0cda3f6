package dev.tidewal.operator.cosi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewal.crds.CosiSpec;
import dev.tidewal.operator.sidecar.BucketSecrets;
import dev.tidewal.operator.sidecar.Layout.Slot;
import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GroupVersionForDiscovery;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at the claims and accesses of destinations, and creates those that a replication asks for.
 * Safe for many threads.
 */
public final class CosiBuckets {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ACCESSES = "bucketaccesses." + CosiVersion.GROUP;

  private final KubernetesClient client;

  public CosiBuckets(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Brings the bucket of a destination as far as it goes now, and says how far that is.
   *
   * @param labels of what is created
   */
  public BucketState advance(
      String namespace,
      String replication,
      String destination,
      CosiSpec cosi,
      Map<String, String> labels) {
    if (cosi.secretName() != null) {
      return secretState(namespace, cosi.secretName(), "");
    }
    Optional<CosiVersion> version = version();
    if (version.isEmpty()) {
      return new BucketState.NotReady(
          "",
          "CosiNotInstalled",
          "the cluster serves no "
              + CosiVersion.GROUP
              + ": install COSI, or use destinations[].s3 with a bucket of your own");
    }
    return new Advance(version.get(), namespace, replication, destination, cosi, labels).run();
  }

  /** The Secret of an access; empty when either is not there. */
  public Optional<String> secretOf(String namespace, String access) {
    return version()
        .flatMap(version ->
            get(version, Documents.ACCESS, namespace, access)
                .map(found -> Documents.secret(version, found))
                .filter(secret -> !secret.isEmpty()));
  }

  private Optional<CosiVersion> version() {
    APIGroup group = client.getApiGroup(CosiVersion.GROUP);
    return group == null
        ? Optional.empty()
        : CosiVersion.of(
            group.getVersions().stream().map(GroupVersionForDiscovery::getVersion).toList());
  }

  /** A Secret may be there and empty: COSI creates it before it grants. */
  private BucketState secretState(String namespace, String name, String shown) {
    var secret = client.secrets().inNamespace(namespace).withName(name).get();
    String label = shown.isEmpty() ? name : shown;
    if (secret == null) {
      return new BucketState.NotReady(
          label, "SecretNotFound", "Secret " + name + " is not there yet");
    }
    boolean hasData =
        secret.getData() != null && secret.getData().values().stream().anyMatch(v -> !v.isEmpty());
    return hasData
        ? new BucketState.Ready(label)
        : new BucketState.NotReady(label, "SecretIncomplete", "Secret " + name + " is still empty");
  }

  private Optional<JsonNode> get(CosiVersion version, String kind, String namespace, String name) {
    GenericKubernetesResource found =
        client
            .genericKubernetesResources(context(version, kind))
            .inNamespace(namespace)
            .withName(name)
            .get();
    return Optional.ofNullable(found).map(JSON::<JsonNode>valueToTree);
  }

  private static ResourceDefinitionContext context(CosiVersion version, String kind) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(CosiVersion.GROUP)
        .withVersion(version.text())
        .withKind(kind)
        .withPlural(kind.toLowerCase(Locale.ROOT) + (kind.endsWith("s") ? "es" : "s"))
        .withNamespaced(true)
        .build();
  }

  /** One look at one destination. */
  private final class Advance {
    private final CosiVersion version;
    private final String namespace;
    private final String replication;
    private final String destination;
    private final CosiSpec cosi;
    private final Map<String, String> labels;

    Advance(
        CosiVersion version,
        String namespace,
        String replication,
        String destination,
        CosiSpec cosi,
        Map<String, String> labels) {
      this.version = version;
      this.namespace = namespace;
      this.replication = replication;
      this.destination = destination;
      this.cosi = cosi;
      this.labels = labels;
    }

    BucketState run() {
      if (cosi.bucketAccessName() != null) {
        return access(cosi.bucketAccessName(), "");
      }
      String claim =
          cosi.bucketClaimName() == null ? replication + "-" + destination : cosi.bucketClaimName();
      Optional<JsonNode> found = get(version, Documents.CLAIM, namespace, claim);
      if (found.isEmpty()) {
        if (cosi.bucketClassName() == null) {
          return new BucketState.NotReady(
              claim,
              "ClaimNotFound",
              "BucketClaim " + claim + " is not there: create it, or correct bucketClaimName");
        }
        create(Documents.claim(version, namespace, claim, cosi.bucketClassName(), labels));
        return waiting(claim, "BucketNotReady", "BucketClaim " + claim, "");
      }
      return switch (Progress.ofClaim(version, found.get())) {
        case Progress.Pending(String message) ->
            waiting(claim, "BucketNotReady", "BucketClaim " + claim, message);
        case Progress.Done(String bucket) -> createdAccess(claim, bucket);
      };
    }

    private BucketState createdAccess(String claim, String bucket) {
      String name = BucketSecrets.created(replication, destination, Slot.A);
      if (get(version, Documents.ACCESS, namespace, name).isEmpty()) {
        create(
            Documents.access(
                version,
                namespace,
                name,
                claim,
                String.valueOf(cosi.bucketAccessClassName()),
                version == CosiVersion.V1ALPHA2 && hasAccessModes(),
                labels));
      }
      return access(name, bucket);
    }

    private BucketState access(String name, String bucket) {
      Optional<JsonNode> found = get(version, Documents.ACCESS, namespace, name);
      if (found.isEmpty()) {
        return new BucketState.NotReady(
            bucket,
            "AccessNotFound",
            "BucketAccess " + name + " is not there: create it, or correct bucketAccessName");
      }
      return switch (Progress.ofAccess(version, found.get())) {
        case Progress.Pending(String message) ->
            waiting(bucket, "AccessNotGranted", "BucketAccess " + name, message);
        case Progress.Done(String accessed) ->
            secretState(
                namespace,
                Documents.secret(version, found.get()),
                bucket.isEmpty() ? accessed : bucket);
      };
    }

    private BucketState waiting(String shown, String reason, String what, String message) {
      return new BucketState.NotReady(
          shown,
          reason,
          message.isEmpty()
              ? what + " is not ready yet; its driver may not run, or its class may be missing"
              : what + ": " + message);
    }

    private void create(ObjectNode document) {
      var _ =
          client
              .resource(JSON.convertValue(document, GenericKubernetesResource.class))
              .inNamespace(namespace)
              .create();
    }

    /** The installed definition tells, and nothing else does. */
    private boolean hasAccessModes() {
      var definition =
          client.apiextensions().v1().customResourceDefinitions().withName(ACCESSES).get();
      return definition != null
          && definition.getSpec().getVersions().stream()
              .map(served -> JSON.<JsonNode>valueToTree(served.getSchema()))
              .flatMap(schema -> schema.findValues("bucketClaims").stream())
              .map(claims -> claims.at("/items/properties"))
              .anyMatch(properties -> properties.has("accessModes"));
    }
  }
}
