package dev.tidewal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewal.core.ExitCode;
import dev.tidewal.core.TidewalException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Talks to a running sidecar by HTTP. */
final class SidecarClient {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final String base;

  SidecarClient(InetSocketAddress address) {
    this.base = "http://" + address.getHostString() + ":" + address.getPort();
  }

  /**
   * An answer.
   *
   * @param body JSON, errors too
   */
  record Answer(int status, JsonNode body) {
    /** What the command ends with. */
    ExitCode exitCode() {
      return switch (status) {
        case 200 -> ExitCode.OK;
        case 504 -> ExitCode.STORE_UNREACHABLE;
        case 409 -> isFenced() ? ExitCode.FENCED : ExitCode.REFUSED;
        case 404, 400 -> ExitCode.USAGE;
        default -> ExitCode.UNEXPECTED;
      };
    }

    private boolean isFenced() {
      return body.path("databases").findValuesAsText("error").contains("Fenced");
    }

    /**
     * Shows it.
     *
     * @param done the sentence about a database to which it was done
     */
    void show(CommonOptions common, Terminal terminal, Function<JsonNode, String> done) {
      if (common.json()) {
        terminal.out().println(body.toPrettyString());
        return;
      }
      if (body.has("message")) {
        terminal.err().println("tidewal: " + body.path("message").asText());
      }
      for (JsonNode each : body.path("databases")) {
        String database = each.path("database").asText();
        if (each.has("error")) {
          terminal.err().println("tidewal: " + database + ": " + each.path("message").asText());
        } else {
          terminal.out().println(database + ": " + done.apply(each));
        }
      }
    }
  }

  /** Everything it knows, or empty when nothing listens there. */
  Optional<JsonNode> status() throws IOException {
    try {
      return Optional.of(request("GET", "/status", ANSWER).body());
    } catch (TidewalException.StoreUnreachable nobody) {
      return Optional.empty();
    }
  }

  /**
   * Asks for something to be done, and waits for it.
   *
   * @param action "sync", "snapshot" or "checkpoint"
   * @param database its path, or empty for all
   * @param parameters more of the query
   * @throws TidewalException.StoreUnreachable when nothing listens there
   */
  Answer ask(
      String action, Optional<String> database, Duration wait, Map<String, String> parameters)
      throws IOException {
    StringBuilder query = new StringBuilder("?wait=" + wait.toMillis() + "ms");
    database.ifPresent(path -> query.append(parameter("db", path)));
    parameters.forEach((name, value) -> query.append(parameter(name, value)));
    return request("POST", "/v1/" + action + query, wait.plus(ANSWER));
  }

  private static String parameter(String name, String value) {
    return "&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private Answer request(String method, String path, Duration timeout) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(base + path).toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setConnectTimeout((int) CONNECT.toMillis());
    connection.setReadTimeout((int) timeout.toMillis());
    int status;
    try {
      status = connection.getResponseCode();
    } catch (IOException nobody) {
      throw new TidewalException.StoreUnreachable(
          "no sidecar answers at "
              + base
              + " ("
              + nobody.getMessage()
              + "): start `tidewal replicate`, or name its address with --addr",
          nobody);
    }
    var stream = status < 400 ? connection.getInputStream() : connection.getErrorStream();
    try (stream) {
      return new Answer(status, new ObjectMapper().readTree(stream));
    }
  }
}
