package dev.tidewal.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of keys in docs/operations.md, from the declarations that the parser reads by. */
final class KeyTables {
  private KeyTables() {}

  static String markdown() {
    return String.join(
        "\n",
        "Top level:",
        "",
        table(Keys.TOP),
        "Each of `databases`; keys marked * may also stand at the top level, as the default of all:",
        "",
        table(Keys.DATABASE),
        "Each of `destinations`, where a URL alone is enough; keys marked * may also stand in the"
            + " database or at the top level:",
        "",
        table(Keys.DESTINATION),
        "What becomes of the keys of a `litestream.yml` that don't have the same name here:",
        "",
        litestream());
  }

  private static String table(List<Key<?>> keys) {
    return "| key | value | default | meaning |\n|---|---|---|---|\n"
        + keys.stream().map(KeyTables::row).collect(Collectors.joining());
  }

  private static String row(Key<?> key) {
    return "| `%s`%s | %s | %s | %s |%n"
        .formatted(
            key.name(),
            key.inherited() ? " *" : "",
            key.type().name(),
            key.standard().map(text -> "`" + text + "`").orElse(key.shownDefault()),
            key.meaning());
  }

  private static String litestream() {
    Map<String, List<String>> namesByFate = new LinkedHashMap<>();
    Stream.of(
            LitestreamKeys.TOP,
            LitestreamKeys.DATABASE,
            LitestreamKeys.REPLICA,
            LitestreamKeys.LOGGING)
        .flatMap(List::stream)
        .distinct()
        .filter(key -> !(key instanceof LitestreamKey.Same))
        .forEach(key ->
            namesByFate
                .computeIfAbsent(fate(key), _ -> new ArrayList<>())
                .add("`" + key.name() + "`"));
    return "| key | here |\n|---|---|\n"
        + namesByFate.entrySet().stream()
            .map(row -> "| %s | %s |%n".formatted(String.join(", ", row.getValue()), row.getKey()))
            .collect(Collectors.joining());
  }

  private static String fate(LitestreamKey key) {
    return switch (key) {
      case LitestreamKey.Same(String name) -> "`" + name + "`";
      case LitestreamKey.Renamed(String _, String here) -> "`" + here + "`";
      case LitestreamKey.NotNeeded(String _, String why) -> "not needed: " + why;
      case LitestreamKey.Unsupported(String _, String instead) -> "a warning: " + instead;
      case LitestreamKey.Refused(String _, String why) -> "an error: " + why;
    };
  }
}
