package dev.tidewal.operator.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tidewal.crds.ReplicationSpec;
import dev.tidewal.crds.RestoreSpec;
import dev.tidewal.crds.SqliteReplication;
import dev.tidewal.operator.inject.Surroundings.Workload;
import dev.tidewal.operator.sidecar.Layout;
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
    List<String> warnings = new ArrayList<>();
    requireFreeNames(pod);
    Overlaps.check(spec, surroundings.workload(), warnings);
    List<DatabaseMount> mounts = mounts(pod, spec);
    for (DatabaseMount mount : mounts) {
      VolumeWarnings.add(pod, mount, surroundings, warnings);
    }
    RunAs user = RunAs.of(pod, mounts.getFirst().container(), spec.sidecar());
    if (user.isGuess()) {
      warnings.add(
          "container "
              + mounts.getFirst().container().name()
              + " has no securityContext.runAsUser: the sidecar runs as root, as its image may; set"
              + " runAsUser, or annotate the pod with "
              + Annotations.UID
              + " if the image has another user");
    }
    Volumes volumes =
        orRefused(() ->
            Volumes.of(
                name, spec, surroundings.accessSecrets(), settings.positionUrl().isPresent()));
    return new Injection.Patched(
        patch(pod, name, spec, surroundings, volumes, mounts, user).operations(), warnings);
  }

  private JsonPatch patch(
      Pod pod,
      String name,
      ReplicationSpec spec,
      Surroundings surroundings,
      Volumes volumes,
      List<DatabaseMount> mounts,
      RunAs user) {
    JsonPatch patch = new JsonPatch();
    Containers containers =
        new Containers(
            settings, Optional.ofNullable(spec.sidecar()), user, volumes.mounts(), mounts);
    ArrayNode variables = variables(name, surroundings);
    boolean isRequired =
        spec.restore() != null && spec.restore().policy() == RestoreSpec.Policy.Required;
    ObjectNode sidecar = containers.sidecar(variables);
    ObjectNode restore = containers.restore(variables, isRequired);
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

  private ArrayNode variables(String name, Surroundings surroundings) {
    ArrayNode variables = JSON.arrayNode();
    addField(variables, "TIDEWAL_POD", "metadata.name");
    addField(variables, "TIDEWAL_NODE", "spec.nodeName");
    boolean isStateful = surroundings.workload() instanceof Workload.StatefulSet;
    variables
        .addObject()
        .put("name", Layout.POD_SEGMENT)
        .put("value", isStateful ? "$(TIDEWAL_POD)/" : "");
    variables
        .addObject()
        .put("name", "TIDEWAL_REPLICATION")
        .put("value", surroundings.namespace() + "/" + name);
    settings
        .positionUrl()
        .ifPresent(
            url -> variables.addObject().put("name", "TIDEWAL_POSITION_URL").put("value", url));
    return variables;
  }

  private static void addField(ArrayNode variables, String name, String path) {
    variables
        .addObject()
        .put("name", name)
        .putObject("valueFrom")
        .putObject("fieldRef")
        .put("fieldPath", path);
  }

  private static List<DatabaseMount> mounts(Pod pod, ReplicationSpec spec) throws RefusalException {
    List<String> paths = orRefused(() -> SidecarConfiguration.paths(spec));
    Optional<String> only = pod.annotation(Annotations.DATABASE);
    if (only.isPresent() && !paths.contains(only.get())) {
      throw new RefusalException(
          Annotations.DATABASE + " is " + only.get() + ", which is none of " + paths);
    }
    List<DatabaseMount> mounts = new ArrayList<>();
    for (String path : only.map(List::of).orElse(paths)) {
      mounts.add(DatabaseMount.find(pod, path));
    }
    return mounts;
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

  private static void requireFreeNames(Pod pod) throws RefusalException {
    for (Pod.Container container : pod.containers()) {
      if (container.name().equals(Containers.SIDECAR)
          || container.name().equals(Containers.RESTORE)) {
        throw new RefusalException(
            "the pod has a container "
                + container.name()
                + " of its own: rename it, the name is needed for the sidecar");
      }
    }
  }
}
