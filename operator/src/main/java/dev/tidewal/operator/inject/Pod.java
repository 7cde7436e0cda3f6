package dev.tidewal.operator.inject;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A pod as the API server sent it, read without a model of its own, so that nothing is lost.
 *
 * @param json the whole document
 */
record Pod(JsonNode json) {
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
