package dev.tidewal.operator.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tidewal.crds.DatabaseSpec;
import dev.tidewal.crds.ReplicationSpec;
import dev.tidewal.crds.RestoreSpec;
import dev.tidewal.crds.SqliteReplication;
import dev.tidewal.operator.sidecar.SidecarConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Decides on a pod that asked for the sidecar. Safe for many threads. */
public final class Injector {
  /** Changes with what is injected. */
  static final String VERSION = "1";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final InjectionSettings settings;

  public Injector(InjectionSettings settings) {
    this.settings = settings;
  }

  /**
   * The answer.
   *
   * @param document the pod, as the API server sent it
   * @param replication the one that its annotation names; empty: there is none of that name
   */
  public Injection decide(
      JsonNode document, Optional<SqliteReplication> replication, Surroundings surroundings) {
    Pod pod = new Pod(document);
    Optional<String> name = pod.annotation(Annotations.INJECT);
    if (name.isEmpty()) {
      return new Injection.Unchanged("no annotation " + Annotations.INJECT);
    }
    if (pod.annotation(Annotations.INJECTED).isPresent() && hasSidecar(pod)) {
      return new Injection.Unchanged("has the sidecar");
    }
    try {
      if (replication.isEmpty()) {
        throw new RefusalException(
            "there is no SqliteReplication "
                + name.get()
                + " in namespace "
                + surroundings.namespace()
                + ": create it first, or correct the annotation "
                + Annotations.INJECT);
      }
      ReplicationSpec spec = replication.get().getSpec();
      return spec.isPaused()
          ? new Injection.Unchanged(name.get() + " is paused")
          : inject(pod, name.get(), spec, surroundings);
    } catch (RefusalException refusal) {
      return new Injection.Refused(refusal.text());
    }
  }

  private Injection inject(Pod pod, String name, ReplicationSpec spec, Surroundings surroundings)
      throws RefusalException {
    if (pod.isWindows()) {
      throw new RefusalException(
          "the pod is for Windows (spec.os.name), and the sidecar's image is for Linux: take the"
              + " annotation "
              + Annotations.INJECT
              + " off the pod");
    }
    requireFreeContainers(pod);
    List<String> warnings = new ArrayList<>();
    Overlaps.check(spec, surroundings.workload(), warnings);
    Optional<String> only = pod.annotation(Annotations.DATABASE);
    List<String> databases = databases(only, spec);
    requireRestorable(databases, spec);
    Mounts mounts = Mounts.of(pod, databases, spec);
    for (OwnedMount mount : mounts.databases()) {
      VolumeWarnings.add(pod, mount, surroundings, warnings);
    }
    RunAs user = RunAs.of(pod, mounts.owners(), spec.sidecar());
    if (user.isGuess()) {
      warnings.add(
          "container "
              + mounts.owners().getFirst().name()
              + " has no securityContext.runAsUser: the sidecar runs as root, as its image may; set"
              + " runAsUser, or annotate the pod with "
              + Annotations.UID
              + " if the image has another user");
    }
    Volumes volumes =
        orRefused(() ->
            Volumes.of(
                name, spec, surroundings.accessSecrets(), settings.positionUrl().isPresent()));
    requireFreeVolumes(pod, volumes);
    Containers containers =
        new Containers(
            settings,
            Optional.ofNullable(spec.sidecar()),
            user,
            volumes.mounts(),
            mounts,
            Variables.of(settings, name, surroundings, only));
    boolean isRequired = SidecarConfiguration.restorePolicy(spec) == RestoreSpec.Policy.Required;
    return new Injection.Patched(
        patch(pod, name, volumes, containers.restore(isRequired), containers.sidecar())
            .operations(),
        warnings);
  }

  private JsonPatch patch(
      Pod pod, String name, Volumes volumes, ObjectNode restore, ObjectNode sidecar) {
    JsonPatch patch = new JsonPatch();
    if (pod.has("initContainers")) {
      patch.add("/spec/initContainers/0", sidecar);
      patch.add("/spec/initContainers/0", restore);
    } else {
      patch.add("/spec/initContainers", JSON.arrayNode().add(restore).add(sidecar));
    }
    if (pod.has("volumes")) {
      volumes.volumes().forEach(volume -> patch.add("/spec/volumes/-", volume));
    } else {
      patch.add("/spec/volumes", volumes.volumes());
    }
    long floorSeconds = settings.leastGracePeriod().toSeconds();
    if (pod.spec().path("terminationGracePeriodSeconds").asLong(30) < floorSeconds) {
      patch.add("/spec/terminationGracePeriodSeconds", JSON.numberNode(floorSeconds));
    }
    if (pod.json().path("metadata").path("labels").isObject()) {
      patch.add(
          "/metadata/labels/" + JsonPatch.escape(Annotations.REPLICATION_LABEL),
          new TextNode(name));
    } else {
      patch.add("/metadata/labels", JSON.objectNode().put(Annotations.REPLICATION_LABEL, name));
    }
    patch.add(
        "/metadata/annotations/" + JsonPatch.escape(Annotations.INJECTED), new TextNode(VERSION));
    return patch;
  }

  /** Paths and globs that the pod has. */
  private static List<String> databases(Optional<String> only, ReplicationSpec spec)
      throws RefusalException {
    List<String> paths = orRefused(() -> SidecarConfiguration.paths(spec));
    if (only.isPresent() && !paths.contains(only.get())) {
      throw new RefusalException(
          Annotations.DATABASE + " is " + only.get() + ", which is none of " + paths);
    }
    return only.map(List::of).orElse(paths);
  }

  /** Before the application starts there is nothing that tells what a glob found once. */
  private static void requireRestorable(List<String> databases, ReplicationSpec spec)
      throws RefusalException {
    if (SidecarConfiguration.restorePolicy(spec) == RestoreSpec.Policy.Never) {
      return;
    }
    for (DatabaseSpec database : spec.databases()) {
      if (database.glob() != null && databases.contains(database.glob())) {
        throw new RefusalException(
            "glob "
                + database.glob()
                + ": which databases a lost volume had is not known before the application starts,"
                + " so they would not be restored: name the databases by path, or let a pod start"
                + " without them with spec.restore.policy: Never of the SqliteReplication");
      }
    }
  }

  /** What a resource asks for and can't be had is a refusal of the pod. */
  private static <T> T orRefused(Supplier<T> made) throws RefusalException {
    try {
      return made.get();
    } catch (IllegalArgumentException impossible) {
      throw new RefusalException(String.valueOf(impossible.getMessage()));
    }
  }

  private static boolean hasSidecar(Pod pod) {
    return pod.containers().stream()
        .anyMatch(container -> container.name().equals(Containers.SIDECAR));
  }

  private static void requireFreeContainers(Pod pod) throws RefusalException {
    for (Pod.Container container : pod.containers()) {
      if (container.name().equals(Containers.SIDECAR)
          || container.name().equals(Containers.RESTORE)) {
        throw taken("container", container.name());
      }
    }
  }

  private static void requireFreeVolumes(Pod pod, Volumes volumes) throws RefusalException {
    for (JsonNode volume : volumes.volumes()) {
      String name = volume.path("name").asText();
      if (pod.volume(name).isPresent()) {
        throw taken("volume", name);
      }
    }
  }

  private static RefusalException taken(String kind, String name) {
    return new RefusalException(
        "the pod has a "
            + kind
            + " "
            + name
            + " of its own: rename it, the name is needed for the sidecar");
  }
}
