package dev.tidewal.operator.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** Operations of RFC 6902 that only add. Not safe for several threads. */
final class JsonPatch {
  private final ArrayNode operations = JsonNodeFactory.instance.arrayNode();

  /**
   * Adds a field, or an element before the one at an index.
   *
   * @param pointer RFC 6901, escaped
   */
  void add(String pointer, JsonNode value) {
    operations.addObject().put("op", "add").put("path", pointer).set("value", value);
  }

  ArrayNode operations() {
    return operations;
  }

  /** A field's name as a part of a pointer. */
  static String escape(String field) {
    return field.replace("~", "~0").replace("/", "~1");
  }
}
