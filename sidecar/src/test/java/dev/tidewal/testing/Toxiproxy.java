package dev.tidewal.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;

/** A toxiproxy-server with one proxy in front of a store. Its HTTP API does the rest. */
public final class Toxiproxy implements AutoCloseable {
  /** Which way bytes go. */
  public enum Way {
    TO_SERVER("upstream"),
    TO_CLIENT("downstream");

    private final String stream;

    Way(String stream) {
      this.stream = stream;
    }
  }

  private final Process process;
  private final URI api;
  private final URI endpoint;
  private final HttpClient http = HttpClient.newHttpClient();

  private Toxiproxy(Process process, URI api, URI endpoint) {
    this.process = process;
    this.api = api;
    this.endpoint = endpoint;
  }

  /** A port that was free may be taken a moment later: then others are tried. */
  public static Toxiproxy start(Path directory, URI server) throws IOException {
    for (int attempt = 0; ; attempt++) {
      try {
        return startOnce(directory, server);
      } catch (IOException taken) {
        if (attempt == 2) {
          throw taken;
        }
      }
    }
  }

  private static Toxiproxy startOnce(Path directory, URI server) throws IOException {
    int port = freePort();
    int proxied = freePort();
    Process process =
        new ProcessBuilder(
                Peers.toxiproxy().toString(), "-host", "127.0.0.1", "-port", String.valueOf(port))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("toxiproxy.log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    Toxiproxy proxy =
        new Toxiproxy(
            process,
            URI.create("http://127.0.0.1:" + port),
            URI.create("http://127.0.0.1:" + proxied));
    try {
      proxy.create("127.0.0.1:" + proxied, server.getHost() + ":" + server.getPort());
      return proxy;
    } catch (IOException e) {
      proxy.close();
      throw e;
    }
  }

  public URI endpoint() {
    return endpoint;
  }

  /** Every new connection ends after so many bytes in one direction. */
  public void cutAfter(Way way, long bytes) {
    heal();
    send(
        "POST",
        "/proxies/store/toxics",
        """
        {"name": "cut", "type": "limit_data", "stream": "%s", "attributes": {"bytes": %d}}
        """
            .formatted(way.stream, bytes));
  }

  /** No faults from here on. */
  public void heal() {
    send("POST", "/reset", "");
  }

  private void create(String listen, String upstream) throws IOException {
    String body =
        "{\"name\": \"store\", \"listen\": \"%s\", \"upstream\": \"%s\", \"enabled\": true}"
            .formatted(listen, upstream);
    for (int attempt = 0; ; attempt++) {
      try {
        send("POST", "/proxies", body);
        return;
      } catch (IllegalStateException notYet) {
        if (attempt == 100 || !process.isAlive()) {
          throw new IOException("toxiproxy does not start", notYet);
        }
        pause();
      }
    }
  }

  private void send(String method, String path, String body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(api.resolve(path))
              .method(method, BodyPublishers.ofString(body))
              .build();
      int status = http.send(request, BodyHandlers.ofString()).statusCode();
      if (status / 100 != 2) {
        throw new IllegalStateException(path + " answered " + status);
      }
    } catch (IOException e) {
      throw new IllegalStateException(path + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(path + " was interrupted", e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    http.close();
  }
}
