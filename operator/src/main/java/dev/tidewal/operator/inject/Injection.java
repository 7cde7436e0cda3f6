package dev.tidewal.operator.inject;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;

/** The answer to a pod that asked for the sidecar. */
public sealed interface Injection {
  /**
   * The pod is created with the sidecar.
   *
   * @param patch RFC 6902 operations on the pod that was sent
   * @param warnings shown by kubectl, one line each
   */
  record Patched(ArrayNode patch, List<String> warnings) implements Injection {
    public Patched {
      warnings = List.copyOf(warnings);
    }
  }

  /** The pod is created as it is. */
  record Unchanged(String reason) implements Injection {}

  /**
   * The pod is not created: it would lose data, or could not work.
   *
   * @param message what is wrong and the cure, one line
   */
  record Refused(String message) implements Injection {}
}
