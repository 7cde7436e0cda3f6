package dev.tidewal.operator.inject;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tidewal.operator.inject.Surroundings.Workload;
import dev.tidewal.operator.sidecar.Layout;
import java.util.Optional;

/** Environment of the injected containers: who and where they are, and nothing secret. */
final class Variables {
  /** Beginning of the names that are the sidecar's own. */
  static final String PREFIX = "TIDEWAL_";

  private final ArrayNode variables = JsonNodeFactory.instance.arrayNode();

  private Variables() {}

  /**
   * All that are the sidecar's own.
   *
   * @param database the one of the replication that the pod has; empty: all of them
   */
  static ArrayNode of(
      InjectionSettings settings,
      String replication,
      Surroundings surroundings,
      Optional<String> database) {
    Variables result = new Variables();
    result.addField("TIDEWAL_POD", "metadata.name");
    result.addField("TIDEWAL_POD_UID", "metadata.uid");
    result.addField("TIDEWAL_NODE", "spec.nodeName");
    boolean isStateful = surroundings.workload() instanceof Workload.StatefulSet;
    result.add(Layout.POD_SEGMENT, isStateful ? "$(TIDEWAL_POD)/" : "");
    result.add("TIDEWAL_REPLICATION", surroundings.namespace() + "/" + replication);
    if (!settings.clusterId().isEmpty()) {
      result.add("TIDEWAL_CLUSTER_ID", literal(settings.clusterId()));
    }
    database.ifPresent(path -> result.add(Layout.DATABASE, literal(normal(path))));
    settings.positionUrl().ifPresent(url -> result.add("TIDEWAL_POSITION_URL", literal(url)));
    return result.variables;
  }

  private void add(String name, String value) {
    variables.addObject().put("name", name).put("value", value);
  }

  private void addField(String name, String path) {
    variables
        .addObject()
        .put("name", name)
        .putObject("valueFrom")
        .putObject("fieldRef")
        .put("fieldPath", path);
  }

  /** As the sidecar has it from its configuration, without doubled slashes and the like. */
  private static String normal(String path) {
    return path.replaceAll("/(\\.?/)+", "/");
  }

  /** Kubernetes puts {@code $(OTHER)} into values, and makes one dollar sign of two. */
  private static String literal(String value) {
    return value.replace("$", "$$");
  }
}
