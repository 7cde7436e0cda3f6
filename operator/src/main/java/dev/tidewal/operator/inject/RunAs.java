package dev.tidewal.operator.inject;

import dev.tidewal.crds.SidecarSpec;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * As whom the injected containers run: as the container that owns the database, because SQLite's
 * files must be writable for both.
 *
 * @param uid user ID
 * @param gid group ID; empty: the runtime's default
 * @param isGuess whether nothing says so: then root, as images have it that say nothing
 */
record RunAs(long uid, Optional<Long> gid, boolean isGuess) {

  /**
   * From the annotation, the replication, the containers, or the pod.
   *
   * @param owners of databases; at least one
   * @throws RefusalException where nothing tells and root is ruled out, or where they differ
   */
  static RunAs of(Pod pod, List<Pod.Container> owners, @Nullable SidecarSpec sidecar)
      throws RefusalException {
    Pod.Container first = owners.getFirst();
    RunAs user = of(pod, first, sidecar);
    for (Pod.Container owner : owners) {
      RunAs other = of(pod, owner, sidecar);
      if (other.uid() != user.uid() || !other.gid().equals(user.gid())) {
        throw new RefusalException(
            "containers "
                + first.name()
                + " ("
                + user.text()
                + ") and "
                + owner.name()
                + " ("
                + other.text()
                + ") have databases, and the sidecar can only be one of them: give both the same"
                + " runAsUser and runAsGroup, or a pod each");
      }
    }
    return user;
  }

  private static RunAs of(Pod pod, Pod.Container owner, @Nullable SidecarSpec sidecar)
      throws RefusalException {
    Optional<Long> gid =
        Optional.ofNullable(sidecar)
            .flatMap(s -> Optional.ofNullable(s.runAsGroup()))
            .or(() -> Pod.number(owner.securityContext().path("runAsGroup")))
            .or(() -> Pod.number(pod.securityContext().path("runAsGroup")));
    Optional<Long> uid =
        annotated(pod)
            .or(() -> Optional.ofNullable(sidecar).flatMap(s -> Optional.ofNullable(s.runAsUser())))
            .or(() -> Pod.number(owner.securityContext().path("runAsUser")))
            .or(() -> Pod.number(pod.securityContext().path("runAsUser")));
    if (isNonRoot(pod, owner)) {
      requireOther(owner, uid);
    }
    return new RunAs(uid.orElse(0L), gid, uid.isEmpty());
  }

  private static boolean isNonRoot(Pod pod, Pod.Container owner) {
    return owner.securityContext().has("runAsNonRoot")
        ? owner.securityContext().path("runAsNonRoot").asBoolean()
        : pod.securityContext().path("runAsNonRoot").asBoolean();
  }

  /** Than root, and than a user that can't be seen from here. */
  private static void requireOther(Pod.Container owner, Optional<Long> uid)
      throws RefusalException {
    if (uid.isEmpty()) {
      throw new RefusalException(
          "container "
              + owner.name()
              + " runs as a user that only its image knows (runAsNonRoot without runAsUser), and the"
              + " sidecar has to be the same one: set runAsUser, or annotate the pod with "
              + Annotations.UID);
    }
    if (uid.get() == 0) {
      throw new RefusalException(
          "container "
              + owner.name()
              + " does not run as root (runAsNonRoot), so the sidecar can't be user 0: write the"
              + " user that the container has to runAsUser or to the annotation "
              + Annotations.UID);
    }
  }

  private static Optional<Long> annotated(Pod pod) throws RefusalException {
    Optional<String> text = pod.annotation(Annotations.UID);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.get().matches("\\d{1,10}")) {
      throw new RefusalException(
          Annotations.UID + " is '" + text.get() + "': write the number of a user, such as 1000");
    }
    return text.map(Long::valueOf);
  }

  private String text() {
    return "user " + uid + gid.map(group -> ", group " + group).orElse("");
  }
}
