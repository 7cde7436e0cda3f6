package dev.tidewal.crds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The definitions that clusters get: what the generator made of the records, and what it has no
 * annotation for (order of columns, keys of lists, descriptions of {@code spec} and {@code
 * status}).
 */
final class Definitions {
  private static final YAMLMapper YAML =
      new YAMLMapper(
          new YAMLFactory()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR));

  /** Names of ConfigMaps, Secrets and labels are made of it. */
  private static final int LONGEST_NAME = 50;

  static final Path COMMITTED = Path.of("../helm/tidewal/definitions");

  private Definitions() {}

  static Path file(Class<? extends CustomResource<?, ?>> kind) {
    return COMMITTED.resolve(plural(kind) + ".yaml");
  }

  static String of(Class<? extends CustomResource<?, ?>> kind) throws IOException {
    ObjectNode definition = generated(kind);
    ObjectNode version = (ObjectNode) definition.at("/spec/versions/0");
    ObjectNode schema = (ObjectNode) version.at("/schema/openAPIV3Schema");
    sortColumns(version, kind);
    schema.putArray("required").add("spec");
    if (kind == SqliteReplication.class) {
      schema
          .putArray("x-kubernetes-validations")
          .addObject()
          .put("rule", "size(self.metadata.name) <= " + LONGEST_NAME)
          .put(
              "message",
              "a name of at most " + LONGEST_NAME + " characters: others are made of it");
    }
    describe(schema, "spec", "What is asked for.");
    describe(schema, "status", "What is, as the operator and the sidecars see it.");
    mapList(schema.at("/properties/status/properties/conditions"), "type");
    mapList(schema.at("/properties/status/properties/databases"), "pod", "database");
    mapList(schema.at("/properties/spec/properties/destinations"), "name");
    return "# Generated from the records of the crds module: `make crds` writes it.\n"
        + YAML.writeValueAsString(definition);
  }

  private static ObjectNode generated(Class<?> kind) throws IOException {
    String name = "/META-INF/fabric8/" + plural(kind) + ".tidewal.dev-v1.yml";
    try (InputStream stream = Definitions.class.getResourceAsStream(name)) {
      return (ObjectNode) YAML.readTree(stream);
    }
  }

  private static String plural(Class<?> kind) {
    return kind.getSimpleName().toLowerCase(Locale.ROOT) + "s";
  }

  /** In the order of the annotations. */
  private static void sortColumns(ObjectNode version, Class<?> kind) {
    if (!(version.get("additionalPrinterColumns") instanceof ArrayNode columns)) {
      return;
    }
    List<String> order =
        Arrays.stream(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
            .map(AdditionalPrinterColumn::name)
            .toList();
    ArrayNode sorted = columns.arrayNode();
    for (String name : order) {
      columns.forEach(column -> {
        if (column.path("name").asText().equals(name)) {
          sorted.add(column);
        }
      });
    }
    version.set("additionalPrinterColumns", sorted);
  }

  private static void describe(ObjectNode schema, String field, String text) {
    if (schema.at("/properties/" + field) instanceof ObjectNode node) {
      node.put("description", text);
    }
  }

  /** A list with one writer for each key, of which each has one entry. */
  private static void mapList(JsonNode list, String... keys) {
    if (list instanceof ObjectNode node) {
      node.put("x-kubernetes-list-type", "map");
      ArrayNode names = node.putArray("x-kubernetes-list-map-keys");
      ArrayNode required = ((ObjectNode) node.get("items")).putArray("required");
      for (String key : keys) {
        names.add(key);
        if (!node.at("/items/properties/" + key).has("default")) {
          required.add(key);
        }
      }
      if (required.isEmpty()) {
        ((ObjectNode) node.get("items")).remove("required");
      }
    }
  }
}
