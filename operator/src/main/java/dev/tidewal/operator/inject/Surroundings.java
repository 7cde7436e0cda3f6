package dev.tidewal.operator.inject;

import java.util.Map;
import java.util.Set;

/**
 * What must be known beside the pod itself.
 *
 * @param namespace of the pod, which its own document may leave out
 * @param workload what creates it
 * @param claims the PersistentVolumeClaims of the namespace that it mounts, by name
 * @param accessSecrets of each BucketAccess that the replication names and that is there, the name
 *     of its Secret
 */
public record Surroundings(
    String namespace,
    Workload workload,
    Map<String, Claim> claims,
    Map<String, String> accessSecrets) {
  public Surroundings {
    claims = Map.copyOf(claims);
    accessSecrets = Map.copyOf(accessSecrets);
  }

  /** What creates pods like this one, as far as it can run two of them at once. */
  public sealed interface Workload {
    /**
     * A Deployment, by way of its ReplicaSet.
     *
     * @param replicas wanted
     * @param isRecreate whether its strategy ends the old pod before the new one starts
     */
    record Deployment(String name, int replicas, boolean isRecreate) implements Workload {}

    /**
     * A StatefulSet: one pod of each name at a time, each with its own replica where the prefix has
     * {@code {pod}}.
     *
     * @param replicas wanted
     */
    record StatefulSet(String name, int replicas) implements Workload {}

    /**
     * A Job.
     *
     * @param parallelism pods at once
     */
    record Job(String name, int parallelism) implements Workload {}

    /**
     * What runs several pods that no name tells apart: a DaemonSet, or a ReplicationController with
     * more than one replica.
     *
     * @param kind for messages
     */
    record Several(String kind, String name) implements Workload {}

    /** A pod by itself, or of a controller that we don't know. */
    record Other() implements Workload {}
  }

  /**
   * A PersistentVolumeClaim.
   *
   * @param accessModes such as {@code ReadWriteOnce}
   * @param isNetworkFileSystem whether its volume is known to be on NFS
   */
  public record Claim(Set<String> accessModes, boolean isNetworkFileSystem) {
    public Claim {
      accessModes = Set.copyOf(accessModes);
    }
  }
}
