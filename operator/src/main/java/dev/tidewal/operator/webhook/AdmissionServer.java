package dev.tidewal.operator.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.tidewal.crds.SqliteReplication;
import dev.tidewal.operator.certs.ServerIdentity;
import dev.tidewal.operator.inject.Annotations;
import dev.tidewal.operator.inject.Injection;
import dev.tidewal.operator.inject.Injector;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/** Answers the API server at {@code /inject}. A thread (virtual) for each request. */
public final class AdmissionServer implements Closeable {
  private static final Logger LOG = System.getLogger(AdmissionServer.class.getName());

  /** A pod is at most 1.5 MiB in etcd, its review little more. */
  private static final int LARGEST_REVIEW_BYTES = 8 << 20;

  private static final int STOP_SECONDS = 5;

  /** Of resources (RFC 1123), as far as a label can hold it. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?");

  private final HttpsServer server;
  private final ExecutorService threads;
  private final Injector injector;
  private final ClusterView cluster;

  private AdmissionServer(
      HttpsServer server, ExecutorService threads, Injector injector, ClusterView cluster) {
    this.server = server;
    this.threads = threads;
    this.injector = injector;
    this.cluster = cluster;
  }

  /**
   * Listens.
   *
   * @throws IOException when the address can't be had
   */
  public static AdmissionServer start(
      InetSocketAddress address, ServerIdentity identity, Injector injector, ClusterView cluster)
      throws IOException {
    HttpsServer https = HttpsServer.create(address, 0);
    https.setHttpsConfigurator(new HttpsConfigurator(identity.context()));
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    https.setExecutor(threads);
    AdmissionServer server = new AdmissionServer(https, threads, injector, cluster);
    var _ = https.createContext("/inject", server::handle);
    https.start();
    return server;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body;
      try (InputStream in = exchange.getRequestBody()) {
        body = in.readNBytes(LARGEST_REVIEW_BYTES + 1);
      }
      if (!exchange.getRequestMethod().equals("POST") || body.length > LARGEST_REVIEW_BYTES) {
        send(exchange, 400, "POST an AdmissionReview of at most 8 MiB");
        return;
      }
      AdmissionReview review;
      try {
        review = AdmissionReview.parse(body);
      } catch (IOException notAReview) {
        send(exchange, 400, String.valueOf(notAReview.getMessage()));
        return;
      }
      byte[] answer = review.answer(decide(review));
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    } catch (RuntimeException unexpected) {
      LOG.log(Level.ERROR, "a pod could not be judged", unexpected);
      send(exchange, 500, "tidewal: " + unexpected);
    }
  }

  private Injection decide(AdmissionReview review) {
    JsonNode annotation =
        review.pod().path("metadata").path("annotations").path(Annotations.INJECT);
    if (!annotation.isTextual()) {
      return new Injection.Unchanged("no annotation " + Annotations.INJECT);
    }
    String name = annotation.asText();
    if (!NAME.matcher(name).matches()) {
      return new Injection.Refused(
          "annotation "
              + Annotations.INJECT
              + " is '"
              + name
              + "': write the name of a SqliteReplication of the pod's namespace (at most 63"
              + " lowercase letters, digits, '-' and '.')");
    }
    Optional<SqliteReplication> replication = cluster.replication(review.namespace(), name);
    return injector.decide(
        review.pod(),
        replication,
        cluster.surroundings(
            review.namespace(), review.pod(), replication.map(SqliteReplication::getSpec)));
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(STOP_SECONDS);
    threads.shutdown();
  }
}
