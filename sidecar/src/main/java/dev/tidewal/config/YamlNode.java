package dev.tidewal.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A YAML value and the line it is on. Aliases and merge keys are resolved already. */
sealed interface YamlNode {
  /** Line of the file, from 1; 0 where there is no file. */
  int line();

  /** Text as written, without quotes; numbers and booleans too. */
  record Scalar(String text, int line) implements YamlNode {}

  record Sequence(List<YamlNode> items, int line) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** Keys in the order of the file. */
  record Mapping(Map<String, Entry> entries, int line) implements YamlNode {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    Optional<Entry> find(String key) {
      return Optional.ofNullable(entries.get(key));
    }
  }

  /**
   * A key with its value.
   *
   * @param writtenAs the key in the user's file; another one than the map's where a Litestream key
   *     was translated
   * @param line the key's line
   * @param anchored whether the value has an anchor, so that it may stand there only to be merged
   */
  record Entry(String writtenAs, YamlNode value, int line, boolean anchored) {
    Entry withValue(YamlNode other) {
      return new Entry(writtenAs, other, line, anchored);
    }
  }

  /** Nothing, {@code ~}, {@code null} or an empty text: the key counts as not set. */
  default boolean isEmpty() {
    return this instanceof Scalar scalar && scalar.text().isEmpty();
  }
}
