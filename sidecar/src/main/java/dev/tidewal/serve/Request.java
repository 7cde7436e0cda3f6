package dev.tidewal.serve;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What our pages read of a request; bodies are ignored.
 *
 * @param accept the Accept header, empty when there is none
 */
record Request(String method, String path, Map<String, String> query, String accept) {
  Request {
    query = Map.copyOf(query);
  }

  /**
   * @throws IllegalArgumentException when the query is not well encoded
   */
  static Request of(String method, URI uri, Optional<String> accept) {
    return new Request(method, uri.getPath(), parse(uri.getRawQuery()), accept.orElse(""));
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name));
  }

  private static Map<String, String> parse(@Nullable String rawQuery) {
    Map<String, String> query = new HashMap<>();
    if (rawQuery == null) {
      return query;
    }
    for (String pair : rawQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      query.put(decode(name), decode(value));
    }
    return query;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
