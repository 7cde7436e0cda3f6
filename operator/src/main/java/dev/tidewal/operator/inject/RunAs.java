package dev.tidewal.operator.inject;

import dev.tidewal.crds.SidecarSpec;
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
   * From the annotation, the replication, the container, or the pod.
   *
   * @throws RefusalException where nothing tells, and root is ruled out
   */
  static RunAs of(Pod pod, Pod.Container owner, @Nullable SidecarSpec sidecar)
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
    if (uid.isPresent()) {
      return new RunAs(uid.get(), gid, false);
    }
    boolean isNonRoot =
        owner.securityContext().has("runAsNonRoot")
            ? owner.securityContext().path("runAsNonRoot").asBoolean()
            : pod.securityContext().path("runAsNonRoot").asBoolean();
    if (isNonRoot) {
      throw new RefusalException(
          "container "
              + owner.name()
              + " runs as a user that only its image knows (runAsNonRoot without runAsUser), and the"
              + " sidecar has to be the same one: set runAsUser, or annotate the pod with "
              + Annotations.UID);
    }
    return new RunAs(0, gid, true);
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
}
