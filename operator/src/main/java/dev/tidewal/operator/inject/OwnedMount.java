package dev.tidewal.operator.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A volume mount of a container of the application.
 *
 * @param container of the application
 * @param json its {@code volumeMounts} entry
 */
record OwnedMount(Pod.Container container, JsonNode json) {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\(([^)]+)\\)");
  private static final String SUB_PATH = "subPath";
  private static final String SUB_PATH_EXPRESSION = "subPathExpr";

  String volume() {
    return json.path("name").asText();
  }

  /** Without a slash at its end. */
  String path() {
    String path = json.path("mountPath").asText();
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  boolean isAbove(String file) {
    return path().equals("/") || file.startsWith(path() + "/");
  }

  boolean isReadOnly() {
    return json.path("readOnly").asBoolean();
  }

  /** Whether the same files are seen through both. */
  boolean showsTheSameAs(OwnedMount other) {
    return part().equals(other.part()) && variables().equals(other.variables());
  }

  /** The volume, and which part of it, for messages. */
  String part() {
    StringBuilder text = new StringBuilder("volume ").append(volume());
    for (String field : List.of(SUB_PATH, SUB_PATH_EXPRESSION)) {
      if (json.hasNonNull(field)) {
        text.append(", ").append(field).append(' ').append(json.path(field).asText());
      }
    }
    return text.toString();
  }

  /** What decides which files are seen, and where; how else it is mounted is the application's. */
  ObjectNode copy() {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    for (String field : List.of("name", "mountPath", SUB_PATH, SUB_PATH_EXPRESSION)) {
      if (json.hasNonNull(field)) {
        copy.set(field, json.get(field));
      }
    }
    return copy;
  }

  /** Variables that the mount's path names, and those that they name in turn, and no others. */
  List<JsonNode> variables() {
    List<JsonNode> all = Pod.elements(container.json().path("env")).toList();
    Set<String> wanted = new TreeSet<>(named(json.path(SUB_PATH_EXPRESSION).asText()));
    int before;
    do {
      before = wanted.size();
      all.stream()
          .filter(variable -> wanted.contains(variable.path("name").asText()))
          .map(variable -> named(variable.path("value").asText()))
          .toList()
          .forEach(wanted::addAll);
    } while (wanted.size() > before);
    return all.stream()
        .filter(variable -> wanted.contains(variable.path("name").asText()))
        .toList();
  }

  private static Set<String> named(String text) {
    return REFERENCE
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
  }
}
