package dev.tidewal.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * {@code /healthz}: the process runs. {@code /readyz}: its servers listen, with certificates; who
 * leads and what the reconciler has cached is of no matter to those who call them. Neither asks the
 * API server, whose absence no restart of ours would heal.
 */
final class HealthServer implements Closeable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private HealthServer(HttpServer server) {
    this.server = server;
  }

  static HealthServer start(int port, BooleanSupplier isReady) throws IOException {
    HttpServer http = HttpServer.create(new InetSocketAddress(port), 0);
    HealthServer health = new HealthServer(http);
    http.setExecutor(health.threads);
    var _ = http.createContext("/healthz", exchange -> answer(exchange, true));
    var _ = http.createContext("/readyz", exchange -> answer(exchange, isReady.getAsBoolean()));
    http.start();
    return health;
  }

  private static void answer(HttpExchange exchange, boolean isWell) throws IOException {
    try (exchange) {
      byte[] text = (isWell ? "ok\n" : "not ready\n").getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(isWell ? 200 : 503, text.length);
      exchange.getResponseBody().write(text);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }
}
