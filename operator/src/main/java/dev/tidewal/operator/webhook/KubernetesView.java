package dev.tidewal.operator.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewal.crds.CosiSpec;
import dev.tidewal.crds.ReplicationSpec;
import dev.tidewal.crds.SqliteReplication;
import dev.tidewal.operator.cosi.CosiBuckets;
import dev.tidewal.operator.inject.Surroundings;
import dev.tidewal.operator.inject.Surroundings.Claim;
import dev.tidewal.operator.inject.Surroundings.Workload;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Asks the API server itself: a pod is created rarely, and must be judged by what is so now. */
public final class KubernetesView implements ClusterView {
  private final KubernetesClient client;
  private final CosiBuckets cosi;

  public KubernetesView(KubernetesClient client, CosiBuckets cosi) {
    this.client = client;
    this.cosi = cosi;
  }

  @Override
  public Optional<SqliteReplication> replication(String namespace, String name) {
    return Optional.ofNullable(
        client.resources(SqliteReplication.class).inNamespace(namespace).withName(name).get());
  }

  @Override
  public Surroundings surroundings(String namespace, JsonNode pod, Optional<ReplicationSpec> spec) {
    return new Surroundings(
        namespace,
        workload(namespace, pod),
        claims(namespace, pod),
        spec.map(there -> accessSecrets(namespace, there)).orElse(Map.of()));
  }

  private Workload workload(String namespace, JsonNode pod) {
    for (JsonNode owner : pod.path("metadata").path("ownerReferences")) {
      if (owner.path("controller").asBoolean()) {
        return workload(namespace, owner.path("kind").asText(), owner.path("name").asText());
      }
    }
    return new Workload.Other();
  }

  private Workload workload(String namespace, String kind, String name) {
    return switch (kind) {
      case "ReplicaSet" -> deploymentOf(namespace, name);
      case "StatefulSet" -> {
        StatefulSet set = client.apps().statefulSets().inNamespace(namespace).withName(name).get();
        yield new Workload.StatefulSet(name, set == null ? 1 : count(set.getSpec().getReplicas()));
      }
      case "Job" -> {
        Job job = client.batch().v1().jobs().inNamespace(namespace).withName(name).get();
        Integer parallelism = job == null ? null : job.getSpec().getParallelism();
        yield new Workload.Job(name, parallelism == null ? 1 : parallelism);
      }
      case "DaemonSet", "ReplicationController" -> new Workload.Several(kind, name);
      default -> new Workload.Other();
    };
  }

  /** A ReplicaSet without a Deployment never replaces its pods, but may have several. */
  private Workload deploymentOf(String namespace, String replicaSet) {
    ReplicaSet set = client.apps().replicaSets().inNamespace(namespace).withName(replicaSet).get();
    if (set == null) {
      return new Workload.Other();
    }
    for (OwnerReference owner : set.getMetadata().getOwnerReferences()) {
      if (owner.getKind().equals("Deployment")) {
        Deployment deployment =
            client.apps().deployments().inNamespace(namespace).withName(owner.getName()).get();
        if (deployment != null) {
          return new Workload.Deployment(
              owner.getName(),
              count(deployment.getSpec().getReplicas()),
              deployment.getSpec().getStrategy() != null
                  && "Recreate".equals(deployment.getSpec().getStrategy().getType()));
        }
      }
    }
    return new Workload.Deployment(replicaSet, count(set.getSpec().getReplicas()), true);
  }

  private static int count(Integer replicas) {
    return replicas == null ? 1 : replicas;
  }

  private Map<String, Claim> claims(String namespace, JsonNode pod) {
    Map<String, Claim> claims = new HashMap<>();
    for (JsonNode volume : pod.path("spec").path("volumes")) {
      String name = volume.path("persistentVolumeClaim").path("claimName").asText();
      if (!name.isEmpty()) {
        PersistentVolumeClaim claim =
            client.persistentVolumeClaims().inNamespace(namespace).withName(name).get();
        if (claim != null) {
          claims.put(name, new Claim(modes(claim), isNetworkFileSystem(claim)));
        }
      }
    }
    return claims;
  }

  private static Set<String> modes(PersistentVolumeClaim claim) {
    List<String> modes = claim.getSpec().getAccessModes();
    return modes == null ? Set.of() : new HashSet<>(modes);
  }

  private boolean isNetworkFileSystem(PersistentVolumeClaim claim) {
    String volumeName = claim.getSpec().getVolumeName();
    if (volumeName == null) {
      return false;
    }
    PersistentVolume volume = client.persistentVolumes().withName(volumeName).get();
    return volume != null
        && (volume.getSpec().getNfs() != null
            || (volume.getSpec().getCsi() != null
                && volume.getSpec().getCsi().getDriver().contains("nfs")));
  }

  private Map<String, String> accessSecrets(String namespace, ReplicationSpec spec) {
    Map<String, String> secrets = new HashMap<>();
    spec.destinations().stream()
        .map(destination -> destination.cosi())
        .filter(bucket -> bucket != null && bucket.bucketAccessName() != null)
        .map(CosiSpec::bucketAccessName)
        .forEach(
            name -> cosi.secretOf(namespace, name).ifPresent(secret -> secrets.put(name, secret)));
    return secrets;
  }
}
