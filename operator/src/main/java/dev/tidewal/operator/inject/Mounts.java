package dev.tidewal.operator.inject;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewal.crds.DestinationSpec;
import dev.tidewal.crds.ReplicationSpec;
import dev.tidewal.operator.sidecar.Layout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Mounts of the application that the injected containers have too, at the same paths.
 *
 * @param databases one for each database, or glob, of the pod
 * @param replicas one for each destination that is a directory
 * @param variables that their paths name
 */
record Mounts(List<OwnedMount> databases, List<OwnedMount> replicas, List<JsonNode> variables) {
  Mounts {
    databases = List.copyOf(databases);
    replicas = List.copyOf(replicas);
    variables = List.copyOf(variables);
  }

  /**
   * All that a pod needs.
   *
   * @param paths of its databases, or globs; at least one
   * @throws RefusalException with the cure, where one is missing or can't be used
   */
  static Mounts of(Pod pod, List<String> paths, ReplicationSpec spec) throws RefusalException {
    MountSearch search = MountSearch.of(pod);
    List<OwnedMount> databases = new ArrayList<>();
    for (String path : paths) {
      databases.add(search.aboveDatabase(path));
    }
    MountSearch ofOwners = new MountSearch(pod, owners(databases));
    List<OwnedMount> replicas = new ArrayList<>();
    for (DestinationSpec destination : spec.destinations()) {
      if (destination.file() != null) {
        replicas.add(
            ofOwners.aboveReplicas(
                withoutSlash(destination.file().path()), Layout.name(destination)));
      }
    }
    List<OwnedMount> all = new ArrayList<>(databases);
    all.addAll(replicas);
    return new Mounts(databases, replicas, variables(all));
  }

  /** Containers that own a database, each once. */
  List<Pod.Container> owners() {
    return owners(databases);
  }

  private static List<Pod.Container> owners(List<OwnedMount> databases) {
    return databases.stream().map(OwnedMount::container).distinct().toList();
  }

  /** Each mount path once, outer ones before inner ones. */
  List<JsonNode> entries() {
    Map<String, JsonNode> byPath = new TreeMap<>();
    databases.forEach(mount -> byPath.putIfAbsent(mount.path(), mount.copy()));
    replicas.forEach(mount -> byPath.putIfAbsent(mount.path(), mount.copy()));
    return List.copyOf(byPath.values());
  }

  private static List<JsonNode> variables(List<OwnedMount> mounts) throws RefusalException {
    Map<String, JsonNode> byName = new LinkedHashMap<>();
    for (OwnedMount mount : mounts) {
      for (JsonNode variable : mount.variables()) {
        String name = variable.path("name").asText();
        JsonNode known = byName.putIfAbsent(name, variable);
        if (name.startsWith(Variables.PREFIX) || (known != null && !known.equals(variable))) {
          throw new RefusalException(
              "variable "
                  + name
                  + " of container "
                  + mount.container().name()
                  + " decides where volume "
                  + mount.volume()
                  + " is mounted from, and the sidecar has another of that name: rename it");
        }
      }
    }
    return List.copyOf(byName.values());
  }

  private static String withoutSlash(String path) {
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
