package dev.tidewal.operator.inject;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** What is known to go wrong with SQLite on some volumes; shown by kubectl, never a refusal. */
final class VolumeWarnings {
  private VolumeWarnings() {}

  static void add(Pod pod, OwnedMount mount, Surroundings surroundings, List<String> warnings) {
    Optional<JsonNode> volume = pod.volume(mount.volume());
    if (volume.isEmpty()) {
      return;
    }
    String name = "volume " + mount.volume();
    if (volume.get().has("nfs")) {
      warn(warnings, name + nfs());
    }
    if (volume.get().has("hostPath")) {
      warn(
          warnings,
          name
              + " is a directory of the node (hostPath): on another node the pod starts with another"
              + " database, or none; use a PersistentVolumeClaim, or emptyDir and let it be"
              + " restored");
    }
    String claim = volume.get().path("persistentVolumeClaim").path("claimName").asText();
    Surroundings.Claim facts = surroundings.claims().get(claim);
    if (facts == null) {
      return;
    }
    if (facts.isNetworkFileSystem()) {
      warn(warnings, name + nfs());
    } else if (facts.accessModes().contains("ReadWriteMany")) {
      warn(
          warnings,
          name
              + " can be mounted by many nodes (ReadWriteMany): SQLite's WAL needs shared memory,"
              + " which does not reach across nodes; use ReadWriteOncePod");
    }
  }

  private static String nfs() {
    return " is on NFS, where SQLite's locks and WAL are not safe; use a block volume";
  }

  private static void warn(List<String> warnings, String text) {
    if (!warnings.contains(text)) {
      warnings.add(text);
    }
  }
}
