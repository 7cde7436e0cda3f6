package dev.tidewal.operator.inject;

import dev.tidewal.operator.sidecar.Layout;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the mounts of the application that the injected containers need too: the longest mount path
 * above a file, as the kernel has it.
 */
final class MountSearch {
  /** Where a volume would hide what the sidecar's image or its own mounts have there. */
  private static final Set<String> OF_THE_SYSTEM =
      Set.of(
          "/",
          "/bin",
          "/dev",
          "/etc",
          "/lib",
          "/lib64",
          "/opt",
          "/proc",
          "/run",
          "/sbin",
          "/sys",
          "/usr",
          "/var",
          "/var/run",
          Layout.TEMPORARY_DIRECTORY);

  private static final List<String> OURS = List.of(Layout.ROOT, Layout.APPLICATION_DIRECTORY);

  private final Pod pod;
  private final List<Pod.Container> containers;

  /**
   * Among some containers.
   *
   * @param containers of the pod, of which the first wins where several see the same files
   */
  MountSearch(Pod pod, List<Pod.Container> containers) {
    this.pod = pod;
    this.containers = List.copyOf(containers);
  }

  /**
   * Among all containers, or in the one that the pod's annotation names.
   *
   * @throws RefusalException where there is none of that name
   */
  static MountSearch of(Pod pod) throws RefusalException {
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
              + names(pod.containers()));
    }
    return new MountSearch(pod, containers);
  }

  /**
   * Above a database file, or above those that a glob finds.
   *
   * @throws RefusalException on no volume, on one that is read-only, or on one of several
   */
  OwnedMount aboveDatabase(String path) throws RefusalException {
    int slash = path.lastIndexOf('/');
    return find(
        new Wanted(
            path,
            path,
            slash <= 0 ? "/" : path.substring(0, slash).replace("/**", ""),
            "is on no volume of the pod, so it would be lost with the container and the sidecar"
                + " could not see it",
            "SQLite writes beside the database even to read it"));
  }

  /**
   * Above a directory of replicas, or at it.
   *
   * @throws RefusalException on no volume, on one that is read-only, or on one of several
   */
  OwnedMount aboveReplicas(String directory, String destination) throws RefusalException {
    return find(
        new Wanted(
            directory + " of destination " + destination,
            directory + "/",
            directory,
            "is on no volume of "
                + (containers.size() == 1 ? "container " : "the containers ")
                + String.join(", ", names(containers))
                + " (where the database is), so the replica would be lost with the sidecar",
            "the sidecar writes the replica there"));
  }

  /**
   * What a mount is needed for.
   *
   * @param subject of messages
   * @param file below the mount
   * @param directory where one can be mounted
   * @param none said where there is no such mount
   * @param reason why it must be writable
   */
  private record Wanted(
      String subject, String file, String directory, String none, String reason) {}

  private OwnedMount find(Wanted wanted) throws RefusalException {
    List<OwnedMount> above = mounts().filter(mount -> mount.isAbove(wanted.file())).toList();
    OptionalInt longest = above.stream().mapToInt(mount -> mount.path().length()).max();
    if (longest.isEmpty()) {
      throw new RefusalException(
          wanted.subject()
              + " "
              + wanted.none()
              + ": mount a volume at "
              + wanted.directory()
              + " ("
              + mountPaths()
              + ")");
    }
    List<OwnedMount> candidates =
        above.stream().filter(mount -> mount.path().length() == longest.getAsInt()).toList();
    List<OwnedMount> writable = candidates.stream().filter(this::isWritable).toList();
    if (writable.isEmpty()) {
      throw readOnly(wanted, candidates.getFirst());
    }
    OwnedMount found = writable.getFirst();
    requireSingle(wanted, found, writable);
    requireFree(wanted, found);
    return found;
  }

  private boolean isWritable(OwnedMount mount) {
    return !mount.isReadOnly() && !pod.isReadOnly(mount.volume());
  }

  private RefusalException readOnly(Wanted wanted, OwnedMount mount) {
    boolean isVolume = pod.isReadOnly(mount.volume());
    return new RefusalException(
        wanted.subject()
            + " is on volume "
            + mount.volume()
            + (isVolume
                ? ", which is read-only itself: "
                : ", which container " + mount.container().name() + " mounts read-only: ")
            + wanted.reason()
            + (isVolume
                ? "; take readOnly off the volume, or use one that can be written"
                : "; mount it read-write, or name the container that does with "
                    + Annotations.CONTAINER));
  }

  private static void requireSingle(Wanted wanted, OwnedMount found, List<OwnedMount> all)
      throws RefusalException {
    Optional<OwnedMount> other =
        all.stream().filter(mount -> !mount.showsTheSameAs(found)).findFirst();
    if (other.isPresent()) {
      throw new RefusalException(
          wanted.subject()
              + " is one thing in container "
              + found.container().name()
              + " ("
              + found.part()
              + ") and another in container "
              + other.get().container().name()
              + " ("
              + other.get().part()
              + "), both mounted at "
              + found.path()
              + ": name the one that is meant with "
              + Annotations.CONTAINER);
    }
  }

  private static void requireFree(Wanted wanted, OwnedMount found) throws RefusalException {
    String path = found.path();
    if (OF_THE_SYSTEM.contains(path)
        || OURS.stream().anyMatch(own -> (path + "/").startsWith(own + "/"))) {
      throw new RefusalException(
          wanted.subject()
              + " is on volume "
              + found.volume()
              + ", mounted at "
              + path
              + ", which would hide what the sidecar itself has there: mount it at a directory of"
              + " its own, such as /data");
    }
  }

  private Stream<OwnedMount> mounts() {
    return containers.stream()
        .flatMap(container ->
            container.mounts().stream().map(mount -> new OwnedMount(container, mount)));
  }

  private String mountPaths() {
    List<String> paths =
        mounts().map(mount -> mount.json().path("mountPath").asText()).distinct().toList();
    return paths.isEmpty() ? "there is none" : "mounted are " + String.join(", ", paths);
  }

  private static List<String> names(List<Pod.Container> containers) {
    return containers.stream().map(Pod.Container::name).toList();
  }
}
