package dev.tidewal.replica;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidewal.core.ByteSize;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * An S3 endpoint that answers what a test told it to, in that order, and keeps what it was asked.
 */
final class ScriptedS3 implements AutoCloseable {
  record Asked(String method, URI uri, Headers headers, ByteBuffer body) {
    String header(String name) {
      return String.valueOf(headers.getFirst(name));
    }
  }

  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  static final RetryPolicy POLICY =
      new RetryPolicy(4, Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofSeconds(20));

  private final HttpServer server;
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  private ScriptedS3(HttpServer server) {
    this.server = server;
  }

  static ScriptedS3 start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ScriptedS3 scripted = new ScriptedS3(server);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", scripted::handle);
    server.start();
    return scripted;
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  S3Settings settings() {
    return S3Settings.of("bucket", "db")
        .withEndpoint(S3Endpoint.at(endpoint()))
        .withCredentials(CredentialsSource.fixed(StoreCredentials.of("id", "secret")));
  }

  ReplicaClients clients() {
    return new ReplicaClients(ByteSize.ofMebibytes(24), POLICY, RequestObserver.NONE);
  }

  ScriptedS3 answer(int status, Map<String, String> headers, String body) {
    answers.add(exchange -> {
      headers.forEach(exchange.getResponseHeaders()::set);
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      boolean empty = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(status, empty ? -1 : bytes.length);
      if (!empty) {
        exchange.getResponseBody().write(bytes);
      }
    });
    return this;
  }

  ScriptedS3 answer(int status) {
    return answer(status, Map.of("ETag", "\"etag\""), "");
  }

  /** The answer to a HEAD of an object of three bytes. */
  ScriptedS3 present() {
    return answer(
        200, Map.of("Content-Length", "3", "Last-Modified", "Fri, 20 Nov 2026 10:00:00 GMT"), "");
  }

  /** An error as S3 writes it. */
  ScriptedS3 error(int status, String code) {
    return answer(
        status,
        Map.of("Content-Type", "application/xml"),
        "<?xml version=\"1.0\"?><Error><Code>"
            + code
            + "</Code><Message>said the store</Message></Error>");
  }

  /** Takes the request and closes the connection without a word. */
  ScriptedS3 hangUp() {
    answers.add(exchange -> {
      throw new IOException("hung up, as told");
    });
    return this;
  }

  List<Asked> asked() {
    return List.copyOf(asked);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      asked.add(
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI(),
              exchange.getRequestHeaders(),
              ByteBuffer.wrap(exchange.getRequestBody().readAllBytes())));
      Answer answer = answers.poll();
      if (answer == null) {
        exchange.sendResponseHeaders(599, -1);
      } else {
        answer.to(exchange);
      }
    }
  }
}
