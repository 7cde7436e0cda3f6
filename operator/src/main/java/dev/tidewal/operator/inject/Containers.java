package dev.tidewal.operator.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewal.crds.SidecarSpec;
import dev.tidewal.operator.sidecar.Layout;
import java.util.Optional;

/**
 * The two containers: the restore step, which ends before anything of the application starts, and
 * the sidecar, which starts next and ends last (a native sidecar).
 */
final class Containers {
  static final String RESTORE = "tidewal-restore";
  static final String SIDECAR = "tidewal";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final InjectionSettings settings;
  private final Optional<SidecarSpec> spec;
  private final RunAs user;
  private final ArrayNode mounts;
  private final ArrayNode variables;

  /**
   * Both of one pod.
   *
   * @param own mounts of {@link Volumes}
   * @param shared mounts of the application, each volume where the application has it
   * @param variables of both containers
   */
  Containers(
      InjectionSettings settings,
      Optional<SidecarSpec> spec,
      RunAs user,
      ArrayNode own,
      Mounts shared,
      ArrayNode variables) {
    this.settings = settings;
    this.spec = spec;
    this.user = user;
    this.mounts = own.deepCopy();
    shared.entries().forEach(mounts::add);
    this.variables = variables.deepCopy();
    shared.variables().forEach(this.variables::add);
  }

  ObjectNode restore(boolean isRequired) {
    ObjectNode container = container(RESTORE);
    ArrayNode arguments =
        container.putArray("args").add("prepare").add("-config").add(configuration());
    if (isRequired) {
      arguments.add("--require");
    }
    return container;
  }

  ObjectNode sidecar() {
    ObjectNode container = container(SIDECAR);
    container.putArray("args").add("replicate").add("-config").add(configuration());
    container.put("restartPolicy", "Always");
    container
        .putArray("ports")
        .addObject()
        .put("name", SIDECAR)
        .put("containerPort", Layout.PORT)
        .put("protocol", "TCP");
    container.set("startupProbe", probe("/healthz", 1, 120));
    container.set("readinessProbe", probe("/readyz", 10, 3));
    return container;
  }

  private static String configuration() {
    return Layout.CONFIGURATION_DIRECTORY + "/" + Layout.CONFIGURATION_FILE;
  }

  private ObjectNode container(String name) {
    ObjectNode container = JSON.objectNode();
    container.put("name", name);
    container.put(
        "image", spec.flatMap(s -> Optional.ofNullable(s.image())).orElse(settings.image()));
    container.set("env", variables.deepCopy());
    container.set("resources", resources());
    container.set("securityContext", securityContext());
    container.put("terminationMessagePolicy", "FallbackToLogsOnError");
    container.set("volumeMounts", mounts.deepCopy());
    return container;
  }

  private JsonNode resources() {
    return spec.flatMap(s -> Optional.ofNullable(s.resources()))
        .<JsonNode>map(MAPPER::valueToTree)
        .orElseGet(() -> {
          ObjectNode resources = JSON.objectNode();
          resources.putObject("requests").put("cpu", "50m").put("memory", "128Mi");
          resources.putObject("limits").put("memory", "512Mi");
          return resources;
        });
  }

  private ObjectNode securityContext() {
    ObjectNode context = JSON.objectNode();
    context.put("allowPrivilegeEscalation", false);
    context.putObject("capabilities").putArray("drop").add("ALL");
    context.put("privileged", false);
    context.put("readOnlyRootFilesystem", true);
    user.gid().ifPresent(gid -> context.put("runAsGroup", gid));
    context.put("runAsNonRoot", user.uid() != 0);
    context.put("runAsUser", user.uid());
    context.putObject("seccompProfile").put("type", "RuntimeDefault");
    return context;
  }

  private static ObjectNode probe(String path, int periodSeconds, int failures) {
    ObjectNode probe = JSON.objectNode();
    probe.putObject("httpGet").put("path", path).put("port", SIDECAR);
    probe.put("periodSeconds", periodSeconds);
    probe.put("failureThreshold", failures);
    return probe;
  }
}
