package dev.tidewal.operator.position;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.tidewal.core.PositionReport;
import dev.tidewal.operator.certs.ServerIdentity;
import dev.tidewal.operator.inject.Annotations;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/** Takes reports at {@code PUT /v1/positions}. A thread (virtual) for each request. */
public final class PositionServer implements Closeable {
  private static final int LARGEST_REPORT_BYTES = 1 << 20;
  private static final int STOP_SECONDS = 2;
  private static final String BEARER = "Bearer ";

  /** Of resources (RFC 1123), as far as a label can hold it. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?");

  private final HttpsServer server;
  private final ExecutorService threads;
  private final TokenReviews tokens;
  private final CheckpointWriter writer;

  private PositionServer(
      HttpsServer server, ExecutorService threads, TokenReviews tokens, CheckpointWriter writer) {
    this.server = server;
    this.threads = threads;
    this.tokens = tokens;
    this.writer = writer;
  }

  /**
   * Listens.
   *
   * @throws IOException when the address can't be had
   */
  public static PositionServer start(
      InetSocketAddress address,
      ServerIdentity identity,
      KubernetesClient client,
      CheckpointWriter writer)
      throws IOException {
    HttpsServer https = HttpsServer.create(address, 0);
    https.setHttpsConfigurator(new HttpsConfigurator(identity.context()));
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    https.setExecutor(threads);
    PositionServer server =
        new PositionServer(
            https, threads, new TokenReviews(client, InstantSource.system()), writer);
    var _ = https.createContext(PositionReport.PATH, server::handle);
    https.start();
    return server;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer;
      try {
        answer = answer(exchange);
      } catch (KubernetesClientException unavailable) {
        answer = new Answer(503, "the API server does not answer: try again later");
      }
      byte[] text = (answer.text() + "\n").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(answer.status(), text.length);
      exchange.getResponseBody().write(text);
    }
  }

  /** Status and its text. */
  private record Answer(int status, String text) {}

  private Answer answer(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("PUT")) {
      return new Answer(405, "PUT a report");
    }
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization == null || !authorization.startsWith(BEARER)) {
      return new Answer(401, "a service-account token for audience tidewal is needed");
    }
    Optional<PodIdentity> pod = tokens.identify(authorization.substring(BEARER.length()));
    if (pod.isEmpty()) {
      return new Answer(401, "not a token of a pod for audience tidewal");
    }
    byte[] body;
    try (InputStream in = exchange.getRequestBody()) {
      body = in.readNBytes(LARGEST_REPORT_BYTES + 1);
    }
    if (body.length > LARGEST_REPORT_BYTES) {
      return new Answer(413, "a report has at most 1 MiB");
    }
    PositionReport report;
    try {
      report = PositionReport.parse(body);
    } catch (IOException broken) {
      return new Answer(400, "not a report");
    }
    if (!NAME.matcher(pod.get().replication()).matches()
        || !report.replication().equals(pod.get().namespace() + "/" + pod.get().replication())) {
      return new Answer(
          403,
          "a pod reports for the replication of its label "
              + Annotations.REPLICATION_LABEL
              + " only");
    }
    writer.take(pod.get(), report);
    return new Answer(202, "taken");
  }

  @Override
  public void close() {
    server.stop(STOP_SECONDS);
    threads.shutdown();
  }
}
