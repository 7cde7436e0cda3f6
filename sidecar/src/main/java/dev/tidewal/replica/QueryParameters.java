package dev.tidewal.replica;

import dev.tidewal.core.DurationText;
import dev.tidewal.core.Nearest;
import dev.tidewal.core.TidewalException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The query of a replica's URL. A parameter has one name with dashes; camel case is taken as well.
 * One that nobody asked for is an error in the end.
 */
final class QueryParameters {
  /** Other names that are taken as well. */
  private static final Map<String, String> ALIASES = Map.of("ca-file", "ca-bundle");

  private final Map<String, String> values = new LinkedHashMap<>();
  private final Set<String> asked = new HashSet<>();
  private final Map<String, String> written = new LinkedHashMap<>();

  private QueryParameters() {}

  static QueryParameters parse(String url, String query) {
    QueryParameters parameters = new QueryParameters();
    for (String pair : query.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = ReplicaUrl.decode(equals < 0 ? pair : pair.substring(0, equals), true);
      String value = equals < 0 ? "" : ReplicaUrl.decode(pair.substring(equals + 1), true);
      if (parameters.values.putIfAbsent(dashed(name), value) != null) {
        throw new TidewalException.Usage(
            "replica URL: the parameter " + name + " is there twice; keep one of " + url);
      }
      parameters.written.put(dashed(name), name);
    }
    return parameters;
  }

  /** {@code target} with the parameter put in, or unchanged where it is absent or empty. */
  <T, V> T apply(String name, Function<String, V> parser, T target, BiFunction<T, V, T> put) {
    asked.add(name);
    String text = values.getOrDefault(name, "");
    if (text.isEmpty()) {
      return target;
    }
    try {
      return put.apply(target, parser.apply(text));
    } catch (IllegalArgumentException e) {
      String shown = name.equals("sse-customer-key") ? "****" : text;
      throw new TidewalException.Usage(
          "replica URL, parameter " + name + ": " + shown + " " + e.getMessage(), e);
    }
  }

  void refuseTheRest() {
    for (Map.Entry<String, String> entry : written.entrySet()) {
      if (!asked.contains(entry.getKey())) {
        String nearest =
            Nearest.to(entry.getKey(), asked)
                .map(name -> "did you mean " + name + "?")
                .orElse("known: " + String.join(", ", asked.stream().sorted().toList()));
        throw new TidewalException.Usage(
            "replica URL: unknown parameter " + entry.getValue() + "; " + nearest);
      }
    }
  }

  static boolean bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1", "t", "yes" -> true;
      case "false", "0", "f", "no" -> false;
      default -> throw new IllegalArgumentException("is not true or false");
    };
  }

  static int count(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("is not a number", e);
    }
  }

  static Duration duration(String text) {
    return DurationText.parse(text);
  }

  /** {@code forcePathStyle} is {@code force-path-style}, {@code requireContentMD5} too. */
  private static String dashed(String name) {
    String dashed = name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    return ALIASES.getOrDefault(dashed, dashed);
  }
}
