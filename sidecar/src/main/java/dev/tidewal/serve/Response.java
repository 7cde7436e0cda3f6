package dev.tidewal.serve;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer, whole in memory: none of ours is large.
 *
 * @param status the HTTP status code
 * @param headers besides Content-Type and Content-Length
 */
record Response(int status, String contentType, String body, Map<String, String> headers) {
  static final int OK = 200;
  static final int BAD_REQUEST = 400;
  static final int NOT_FOUND = 404;
  static final int METHOD_NOT_ALLOWED = 405;
  static final int CONFLICT = 409;
  static final int INTERNAL_ERROR = 500;
  static final int UNAVAILABLE = 503;
  static final int TIMED_OUT = 504;

  Response {
    headers = Map.copyOf(headers);
  }

  static Response json(int status, Map<String, @Nullable Object> value) {
    return new Response(status, "application/json", Json.text(value) + "\n", Map.of());
  }

  /**
   * An error.
   *
   * @param code a CamelCase word for programs
   * @param message a line for people, with the cure
   */
  static Response error(int status, String code, String message) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("error", code);
    json.put("message", message);
    return json(status, json);
  }

  /** A limit of ours was met; the same request may succeed a second later. */
  static Response busy(String message) {
    return error(UNAVAILABLE, "Busy", message).with("Retry-After", "1");
  }

  Response with(String header, String value) {
    return new Response(status, contentType, body, Map.of(header, value));
  }
}
