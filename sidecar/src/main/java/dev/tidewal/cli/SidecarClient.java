package dev.tidewal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewal.core.TidewalException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

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
  record Answer(int status, JsonNode body) {}

  /** Everything it knows, or empty when nothing listens there. */
  Optional<JsonNode> status() throws IOException {
    try {
      return Optional.of(request("GET", "/status", ANSWER).body());
    } catch (TidewalException.StoreUnreachable nobody) {
      return Optional.empty();
    }
  }

  /**
   * Waits until everything committed before the call is durable.
   *
   * @param database its path, or empty for all
   * @throws TidewalException.StoreUnreachable when nothing listens there
   */
  Answer sync(Optional<String> database, Duration wait) throws IOException {
    String query = "?wait=" + wait.toMillis() + "ms";
    if (database.isPresent()) {
      query += "&db=" + URLEncoder.encode(database.get(), StandardCharsets.UTF_8);
    }
    return request("POST", "/v1/sync" + query, wait.plus(ANSWER));
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
