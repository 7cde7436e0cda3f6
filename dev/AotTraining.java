import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The training run behind the AOT cache of the distribution: a sidecar that restores one database,
 * follows two, is asked for everything over HTTP, and ends. The JVM remembers which classes and
 * methods that took.
 *
 * <p>{@code java AotTraining.java CACHE -- java ... -jar tidewal.jar}. The replicas are files: with
 * the classes of the S3 client in the cache, a sidecar on S3 was ready 0.4 CPU seconds earlier, and
 * one on files took 20 MB more.
 */
final class AotTraining {
  private static final List<String> PAGES = List.of("/metrics", "/status", "/healthz", "/nothing");

  private final List<String> command;
  private final Path directory;
  private final Path config;
  private final URI sidecar;

  private AotTraining(List<String> command, Path directory) throws IOException {
    this.command = command;
    this.directory = directory;
    this.config = directory.resolve("tidewal.yml");
    int port = freePort();
    this.sidecar = URI.create("http://127.0.0.1:" + port);
    Files.writeString(
        config,
        """
        addr: 127.0.0.1:%d
        databases:
          - path: %s/a.db
            restore-if-missing: true
            destinations: [%s/replica-a]
          - path: %s/b.db
            destinations: [%s/replica-b]
        """
            .formatted(port, directory, directory, directory, directory));
  }

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("tidewal-aot");
    try {
      List<String> command = List.of(args).subList(2, args.length);
      new AotTraining(command, directory).run(Path.of(args[0]));
    } finally {
      delete(directory);
    }
  }

  private void run(Path cache) throws Exception {
    insert("a.db", 50);
    insert("b.db", 50);
    end(start(List.of(), "--once"));
    for (String file : List.of("a.db", "a.db-wal", "a.db-shm")) {
      Files.deleteIfExists(directory.resolve(file));
    }
    Process trained = start(List.of("-XX:AOTCacheOutput=" + cache));
    try (HttpClient http = HttpClient.newHttpClient()) {
      awaitReady(http, trained);
      for (int i = 0; i < 20; i++) {
        insert("a.db", 1);
        insert("b.db", 1);
        Thread.sleep(30);
      }
      for (String page : PAGES) {
        status(http, HttpRequest.newBuilder(sidecar.resolve(page)).build());
      }
      status(
          http,
          HttpRequest.newBuilder(sidecar.resolve("/v1/sync")).POST(BodyPublishers.noBody()).build());
      // Long enough for WALs to be sealed.
      Thread.sleep(3_000);
    }
    trained.destroy();
    end(trained);
  }

  /** {@code replicate}, with more options for the JVM and the command. */
  private Process start(List<String> jvmOptions, String... options) throws IOException {
    List<String> all = new ArrayList<>(command);
    all.addAll(1, jvmOptions);
    all.addAll(List.of("replicate", "--config", config.toString()));
    all.addAll(List.of(options));
    return new ProcessBuilder(all).inheritIO().start();
  }

  private static void end(Process process) throws Exception {
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("the sidecar did not end");
    }
    if (process.exitValue() != 0) {
      throw new IOException("the sidecar ended with " + process.exitValue());
    }
  }

  private void insert(String database, int rows) throws Exception {
    String url = "jdbc:sqlite:" + directory.resolve(database);
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("CREATE TABLE IF NOT EXISTS t (x)");
      for (int i = 0; i < rows; i++) {
        statement.execute("INSERT INTO t VALUES (randomblob(2000))");
      }
    }
  }

  private void awaitReady(HttpClient http, Process process) throws Exception {
    HttpRequest ready = HttpRequest.newBuilder(sidecar.resolve("/readyz")).build();
    for (int i = 0; i < 600 && process.isAlive(); i++) {
      try {
        if (status(http, ready) == 200) {
          return;
        }
      } catch (IOException notYet) {
        // It does not listen yet.
      }
      Thread.sleep(100);
    }
    process.destroyForcibly();
    throw new IOException("the sidecar did not become ready");
  }

  private static int status(HttpClient http, HttpRequest request) throws Exception {
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
