package dev.tidewal.operator.inject;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The container that owns a database and the volume mount that it is on.
 *
 * @param container of the application
 * @param mount its {@code volumeMounts} entry
 */
record DatabaseMount(Pod.Container container, JsonNode mount) {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\(([^)]+)\\)");

  String volume() {
    return mount.path("name").asText();
  }

  String path() {
    return mount.path("mountPath").asText();
  }

  /**
   * The longest mount path above the database, of the container that was named or of the first one
   * that has it.
   *
   * @throws RefusalException on no volume, or on one that is mounted read-only
   */
  static DatabaseMount find(Pod pod, String database) throws RefusalException {
    Optional<String> named = pod.annotation(Annotations.CONTAINER);
    List<Pod.Container> containers =
        pod.containers().stream()
            .filter(container -> named.isEmpty() || container.name().equals(named.get()))
            .toList();
    if (containers.isEmpty()) {
      throw new RefusalException(
          Annotations.CONTAINER
              + " names "
              + named.orElse("")
              + ", which is no container of the pod: "
              + pod.containers().stream().map(Pod.Container::name).toList());
    }
    List<DatabaseMount> above =
        containers.stream()
            .flatMap(
                container -> container.mounts().stream().map(m -> new DatabaseMount(container, m)))
            .filter(mount -> mount.isAbove(database))
            .toList();
    Optional<DatabaseMount> writable =
        above.stream().filter(mount -> !mount.mount().path("readOnly").asBoolean()).max(byLength());
    Optional<DatabaseMount> longest = above.stream().max(byLength());
    if (longest.isEmpty()) {
      throw new RefusalException(
          database
              + " is on no volume of the pod, so it would be lost with the container and the sidecar"
              + " could not see it: mount a volume at "
              + parent(database)
              + " ("
              + mountPaths(containers)
              + ")");
    }
    if (writable.isEmpty() || writable.get().path().length() < longest.get().path().length()) {
      throw new RefusalException(
          database
              + " is on volume "
              + longest.get().volume()
              + ", which container "
              + longest.get().container().name()
              + " mounts read-only: SQLite writes beside the database even to read it; mount it"
              + " read-write, or name the container that does with "
              + Annotations.CONTAINER);
    }
    return writable.get();
  }

  private static Comparator<DatabaseMount> byLength() {
    // max() takes the last of equals; the first container should win, so equal ones count less.
    return Comparator.comparingInt(mount -> normal(mount.path()).length());
  }

  private boolean isAbove(String database) {
    String directory = normal(path());
    return directory.equals("/") || database.startsWith(directory + "/");
  }

  private static String normal(String path) {
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static String parent(String database) {
    int slash = database.lastIndexOf('/');
    return slash <= 0 ? "/" : database.substring(0, slash);
  }

  private static String mountPaths(List<Pod.Container> containers) {
    List<String> paths =
        containers.stream()
            .flatMap(c -> c.mounts().stream())
            .map(mount -> mount.path("mountPath").asText())
            .distinct()
            .toList();
    return paths.isEmpty() ? "there is none" : "mounted are " + String.join(", ", paths);
  }

  /** Variables that the mount's path names, and those that they name in turn, and no others. */
  List<JsonNode> variables() {
    List<JsonNode> all = Pod.elements(container.json().path("env")).toList();
    Set<String> wanted = new TreeSet<>(named(mount.path("subPathExpr").asText()));
    int before;
    do {
      before = wanted.size();
      all.stream()
          .filter(variable -> wanted.contains(variable.path("name").asText()))
          .map(variable -> named(variable.path("value").asText()))
          .toList()
          .forEach(wanted::addAll);
    } while (wanted.size() > before);
    return all.stream()
        .filter(variable -> wanted.contains(variable.path("name").asText()))
        .toList();
  }

  private static Set<String> named(String text) {
    return REFERENCE
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
  }
}
