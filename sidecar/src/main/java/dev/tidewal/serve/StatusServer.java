package dev.tidewal.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidewal.supervisor.Databases;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The HTTP server of a running sidecar, on the JDK's server and virtual threads.
 *
 * <p>Limits: {@value #MOST_REQUESTS} requests at a time (then 503), request heads of 16 KiB, 10 s
 * to send one, bodies ignored. Bound to an address, it serves until it is closed; closing lets
 * requests in flight end for a moment.
 */
public final class StatusServer implements AutoCloseable {
  /** The port that Tidewal's sidecar takes unless it is told another. */
  public static final int DEFAULT_PORT = 9797;

  private static final Logger LOG = System.getLogger(StatusServer.class.getName());
  static final int MOST_REQUESTS = 64;
  private static final int MOST_CONNECTIONS = 256;
  private static final int BACKLOG = 64;
  private static final Duration LAST_REQUESTS = Duration.ofSeconds(2);

  private final HttpServer server;
  private final ExecutorService threads;
  private final Pages pages;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Semaphore slots = new Semaphore(MOST_REQUESTS);

  private StatusServer(HttpServer server, Pages pages) {
    this.server = server;
    this.pages = pages;
    this.threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory());
  }

  /**
   * Starts to serve.
   *
   * @param address where to listen; port 0 takes a free one
   * @throws BindException when the address is taken or not ours
   */
  public static StatusServer start(
      InetSocketAddress address, Databases databases, EngineMetrics metrics) throws IOException {
    limitTheJdk();
    StatusServer status =
        new StatusServer(HttpServer.create(address, BACKLOG), new Pages(databases, metrics));
    status.server.setExecutor(status.threads);
    status.server.createContext("/", status::handle);
    status.server.start();
    LOG.log(Level.INFO, "listening on {0}", status.address());
    return status;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Lets the requests in flight end, for a moment; new ones are turned away meanwhile. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      if (!slots.tryAcquire(MOST_REQUESTS, LAST_REQUESTS.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.DEBUG, "requests were cut off");
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    server.stop(0);
    threads.shutdownNow();
  }

  /** The JDK's server reads these once, when its first instance is made. */
  private static void limitTheJdk() {
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    System.setProperty("sun.net.httpserver.maxReqHeaderSize", Integer.toString(16 << 10));
    System.setProperty("jdk.httpserver.maxConnections", Integer.toString(MOST_CONNECTIONS));
    System.setProperty("sun.net.httpserver.idleInterval", "30");
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private void handle(HttpExchange exchange) throws IOException {
    boolean taken = slots.tryAcquire();
    try (exchange) {
      send(
          exchange,
          taken
              ? answer(exchange)
              : Response.busy(MOST_REQUESTS + " requests are being answered already"));
    } finally {
      if (taken) {
        slots.release();
      }
    }
  }

  private Response answer(HttpExchange exchange) {
    Request request;
    try {
      request =
          Request.of(
              exchange.getRequestMethod(),
              exchange.getRequestURI(),
              Optional.ofNullable(exchange.getRequestHeaders().getFirst("Accept")));
    } catch (IllegalArgumentException badQuery) {
      return Response.error(
          Response.BAD_REQUEST,
          "BadQuery",
          "the query is not URL-encoded: " + badQuery.getMessage());
    }
    try {
      return pages.answer(request);
    } catch (RuntimeException defect) {
      LOG.log(Level.ERROR, "answering " + exchange.getRequestURI(), defect);
      return Response.error(
          Response.INTERNAL_ERROR, "Unexpected", String.valueOf(defect.getMessage()));
    }
  }

  private static void send(HttpExchange exchange, Response response) throws IOException {
    byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", response.contentType());
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    response.headers().forEach(exchange.getResponseHeaders()::set);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(response.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }
}
