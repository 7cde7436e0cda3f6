package dev.tidewal.operator.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tidewal.crds.SqliteReplication;
import dev.tidewal.operator.inject.Surroundings.Workload;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pods of many shapes and what becomes of them: {@code NAME.pod.yaml} and {@code NAME.out.yaml} in
 * the test resources. The first document of an input is the pod; a second one may hold {@code
 * replication} (a spec), {@code workload} and {@code claims}. {@code -Dgolden.write=true} writes
 * the results anew, for a person to read.
 */
class GoldenPodsTest {
  private static final Path FOLDER = Path.of("src/test/resources/inject");
  private static final YAMLMapper YAML =
      new YAMLMapper(
          new YAMLFactory()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR));
  private static final Injector INJECTOR =
      new Injector(
          new InjectionSettings(
              "tidewal/sidecar:test",
              Optional.of("https://tidewal.tidewal-system.svc:9444"),
              Duration.ofSeconds(60),
              "cluster-1"));

  static Stream<String> shapes() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".pod.yaml"))
          .map(name -> name.substring(0, name.length() - ".pod.yaml".length()))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void thePodBecomesWhatWasReviewed(String shape) throws IOException {
    Shape input = Shape.read(shape);
    Path golden = FOLDER.resolve(shape + ".out.yaml");

    String outcome = YAML.writeValueAsString(outcome(input.pod(), input));

    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(golden, outcome);
    }
    assertThat(golden).hasContent(outcome);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void injectingTwiceIsInjectingOnce(String shape) throws IOException {
    Shape input = Shape.read(shape);
    if (!(decide(input.pod(), input) instanceof Injection.Patched first)) {
      return;
    }
    JsonNode injected = JsonPatch.apply(first.patch(), input.pod());

    assertThat(decide(injected, input)).isInstanceOf(Injection.Unchanged.class);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void nothingThatWasThereIsChanged(String shape) throws IOException {
    Shape input = Shape.read(shape);
    if (!(decide(input.pod(), input) instanceof Injection.Patched first)) {
      return;
    }

    JsonNode injected = JsonPatch.apply(first.patch(), input.pod());

    assertEquals(input.pod(), withoutOurs(injected, input.pod()));
  }

  @Test
  void thereAreManyShapes() throws IOException {
    assertThat(shapes().count()).isGreaterThanOrEqualTo(75);
  }

  @Test
  void whatTheInstallationDoesNotKnowIsNoVariable() throws IOException {
    Shape input = Shape.read("deployment");
    Injector injector =
        new Injector(
            new InjectionSettings("sidecar:1", Optional.empty(), Duration.ofSeconds(60), ""));

    Injection injection = injector.decide(input.pod(), input.replication(), input.surroundings());

    assertThat(injection)
        .isInstanceOfSatisfying(
            Injection.Patched.class,
            patched ->
                assertThat(patched.patch().toString())
                    .contains("TIDEWAL_POD_UID")
                    .doesNotContain("TIDEWAL_CLUSTER_ID", "TIDEWAL_POSITION_URL"));
  }

  private static JsonNode outcome(JsonNode pod, Shape input) {
    ObjectNode outcome = YAML.createObjectNode();
    switch (decide(pod, input)) {
      case Injection.Refused(String message) -> outcome.put("refused", message);
      case Injection.Unchanged(String reason) -> outcome.put("unchanged", reason);
      case Injection.Patched(var patch, List<String> warnings) -> {
        warnings.forEach(outcome.withArray("warnings")::add);
        outcome.set("pod", JsonPatch.apply(patch, pod));
      }
    }
    return outcome;
  }

  private static Injection decide(JsonNode pod, Shape input) {
    return INJECTOR.decide(pod, input.replication(), input.surroundings());
  }

  /** Takes away what may have been added, and nothing else. */
  private static JsonNode withoutOurs(JsonNode injected, JsonNode original) {
    ObjectNode pod = injected.deepCopy();
    ((ObjectNode) pod.at("/metadata/annotations")).remove(Annotations.INJECTED);
    ((ObjectNode) pod.at("/metadata/labels")).remove(Annotations.REPLICATION_LABEL);
    if (!original.at("/metadata").has("labels")) {
      ((ObjectNode) pod.get("metadata")).remove("labels");
    }
    ObjectNode spec = (ObjectNode) pod.get("spec");
    for (String list : List.of("initContainers", "volumes")) {
      spec.withArray(list).removeIf(item -> item.path("name").asText().startsWith("tidewal"));
      if (!original.at("/spec").has(list)) {
        spec.remove(list);
      }
    }
    JsonNode grace = original.at("/spec/terminationGracePeriodSeconds");
    if (grace.isMissingNode()) {
      spec.remove("terminationGracePeriodSeconds");
    } else if (grace.asLong() < 60) {
      spec.set("terminationGracePeriodSeconds", grace);
    }
    return pod;
  }

  /** One input file. */
  private record Shape(
      JsonNode pod, Optional<SqliteReplication> replication, Surroundings surroundings) {
    static final ObjectMapper JSON = new ObjectMapper();

    static Shape read(String name) throws IOException {
      List<JsonNode> documents =
          YAML.readerFor(JsonNode.class)
              .<JsonNode>readValues(FOLDER.resolve(name + ".pod.yaml").toFile())
              .readAll();
      // Through JSON text: numbers as the API server sends them.
      JsonNode pod = JSON.readTree(documents.getFirst().toString());
      JsonNode setting = documents.size() > 1 ? documents.get(1) : JSON.createObjectNode();
      return new Shape(pod, replication(setting.path("replication")), surroundings(setting));
    }

    private static Optional<SqliteReplication> replication(JsonNode spec) throws IOException {
      if (spec.isTextual()) {
        return Optional.empty();
      }
      ObjectNode resource = JSON.createObjectNode();
      resource.putObject("metadata").put("name", "shop").put("namespace", "default");
      resource.set("spec", spec.isMissingNode() ? YAML.readTree(USUAL) : spec);
      return Optional.of(JSON.treeToValue(resource, SqliteReplication.class));
    }

    private static Surroundings surroundings(JsonNode setting) {
      Map<String, Surroundings.Claim> claims = new HashMap<>();
      setting
          .path("claims")
          .properties()
          .forEach(claim ->
              claims.put(
                  claim.getKey(),
                  new Surroundings.Claim(
                      Set.of(claim.getValue().path("mode").asText("ReadWriteOnce")),
                      claim.getValue().path("nfs").asBoolean())));
      return new Surroundings(
          "default", workload(setting.path("workload")), claims, Map.of("there", "there-secret"));
    }

    private static Workload workload(JsonNode workload) {
      return switch (workload.path("kind").asText("Deployment")) {
        case "Deployment" ->
            new Workload.Deployment(
                "shop",
                workload.path("replicas").asInt(1),
                workload.path("recreate").asBoolean(true));
        case "StatefulSet" -> new Workload.StatefulSet("shop", workload.path("replicas").asInt(1));
        case "DaemonSet" -> new Workload.Several("DaemonSet", "shop");
        case "Job" -> new Workload.Job("shop", workload.path("parallelism").asInt(1));
        default -> new Workload.Other();
      };
    }

    private static final String USUAL =
        """
        databases: [{path: /data/app.db}]
        destinations:
          - name: primary
            s3: {bucket: backups, endpoint: 'http://s3:9000', credentials: {secretName: keys}}
        """;
  }
}
