package dev.tidewal.operator.inject;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A pod as the API server sent it, read without a model of its own, so that nothing is lost.
 *
 * @param json the whole document
 */
record Pod(JsonNode json) {
  /** Kinds of volumes that are read-only by nature. */
  private static final Set<String> READ_ONLY =
      Set.of("configMap", "downwardAPI", "image", "projected", "secret");

  Optional<String> annotation(String name) {
    return text(json.path("metadata").path("annotations").path(name));
  }

  /** Containers of the application, the long-running and the initial ones. */
  List<Container> containers() {
    List<Container> containers = new ArrayList<>();
    elements(spec().path("containers")).map(Container::new).forEach(containers::add);
    elements(spec().path("initContainers")).map(Container::new).forEach(containers::add);
    return containers;
  }

  boolean has(String list) {
    return spec().path(list).isArray();
  }

  JsonNode spec() {
    return json.path("spec");
  }

  JsonNode securityContext() {
    return spec().path("securityContext");
  }

  Optional<JsonNode> volume(String name) {
    return elements(spec().path("volumes"))
        .filter(volume -> volume.path("name").asText().equals(name))
        .findFirst();
  }

  /** Whether nothing can be written to a volume, however it is mounted. */
  boolean isReadOnly(String volume) {
    return volume(volume).stream()
        .anyMatch(entry ->
            READ_ONLY.stream().anyMatch(entry::has)
                || elements(entry).anyMatch(source -> source.path("readOnly").asBoolean()));
  }

  boolean isWindows() {
    return spec().path("os").path("name").asText().equals("windows");
  }

  /** One container. */
  record Container(JsonNode json) {
    String name() {
      return json.path("name").asText();
    }

    List<JsonNode> mounts() {
      return elements(json.path("volumeMounts")).toList();
    }

    JsonNode securityContext() {
      return json.path("securityContext");
    }
  }

  static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  static Optional<String> text(JsonNode node) {
    return node.isTextual() ? Optional.of(node.asText()) : Optional.empty();
  }

  static Optional<Long> number(JsonNode node) {
    return node.isIntegralNumber() ? Optional.of(node.asLong()) : Optional.empty();
  }
}
