package dev.tidewal.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A replicator under test, driven by its command line and a litestream.yml that both understand.
 */
enum Contender {
  LITESTREAM {
    @Override
    List<String> command() {
      return List.of(System.getenv().getOrDefault("LITESTREAM_BIN", "litestream"));
    }

    @Override
    String cure() {
      return "set LITESTREAM_BIN, or put litestream on the PATH";
    }

    @Override
    List<String> options(int httpPort) {
      return List.of();
    }

    // It has no endpoint for this; the line says that the replica is set up.
    @Override
    boolean isReady(int httpPort, Path log) throws IOException {
      return Files.readString(log).contains("replicating to");
    }
  },
  TIDEWAL {
    @Override
    List<String> command() {
      return List.of(
          System.getenv()
              .getOrDefault(
                  "TIDEWAL_BIN", Path.of("dist/bin/tidewal").toAbsolutePath().toString()));
    }

    @Override
    String cure() {
      return "make dist";
    }

    @Override
    List<String> options(int httpPort) {
      return List.of("--addr", httpPort == 0 ? "off" : "127.0.0.1:" + httpPort);
    }

    @Override
    boolean isReady(int httpPort, Path log) {
      try {
        HttpURLConnection connection =
            (HttpURLConnection)
                URI.create("http://127.0.0.1:" + httpPort + "/readyz").toURL().openConnection();
        connection.setReadTimeout(1000);
        return connection.getResponseCode() == 200;
      } catch (IOException e) {
        return false; // it doesn't listen yet
      }
    }
  };

  abstract List<String> command();

  /** Options of {@code replicate}; port 0 asks for no HTTP. */
  abstract List<String> options(int httpPort);

  /** What to do where it can't be run. */
  abstract String cure();

  abstract boolean isReady(int httpPort, Path log) throws IOException;

  /** The version it tells; empty where it can't be run. */
  Optional<String> version() throws InterruptedException {
    List<String> line = new ArrayList<>(command());
    line.add("version");
    try {
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0
          ? Optional.of(text.lines().findFirst().orElse("").strip())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // not installed
    }
  }

  /**
   * Starts replication of one database.
   *
   * @param interval of polling and uploads; empty leaves the defaults
   * @param httpPort 0 for none
   */
  RunningProcess replicate(
      Path work,
      Path database,
      Store store,
      String replica,
      Optional<Duration> interval,
      int httpPort)
      throws IOException {
    String monitor = interval.map(i -> "    monitor-interval: " + millis(i)).orElse("");
    String sync = interval.map(i -> "      sync-interval: " + millis(i)).orElse("");
    Files.writeString(
        config(work),
        "dbs:\n  - path: "
            + database
            + "\n"
            + monitor
            + "    replica:\n"
            + store.yaml(replica)
            + sync);
    List<String> arguments = new ArrayList<>(List.of("replicate", "-config"));
    arguments.add(config(work).toString());
    arguments.addAll(options(httpPort));
    return start(work, arguments);
  }

  /** The same for many databases, with defaults and no HTTP; replica {@code i} has that suffix. */
  RunningProcess replicateAll(Path work, List<Path> databases, Store store, String replica)
      throws IOException {
    StringBuilder yaml = new StringBuilder("dbs:\n");
    for (int i = 0; i < databases.size(); i++) {
      yaml.append("  - path: ").append(databases.get(i)).append("\n    replica:\n");
      yaml.append(store.yaml(replica + "-" + i));
    }
    Files.writeString(config(work), yaml.toString());
    List<String> arguments = new ArrayList<>(List.of("replicate", "-config"));
    arguments.add(config(work).toString());
    arguments.addAll(options(0));
    return start(work, arguments);
  }

  /** Restores what {@link #replicate} in the same directory wrote. */
  RunningProcess restore(Path work, Path output, Path database) throws IOException {
    return start(
        work,
        List.of(
            "restore",
            "-config",
            config(work).toString(),
            "-o",
            output.toString(),
            database.toString()));
  }

  Path log(Path work) {
    return work.resolve(name() + ".log");
  }

  private Path config(Path work) {
    return work.resolve(name() + ".yml");
  }

  private static String millis(Duration interval) {
    return interval.toMillis() + "ms\n";
  }

  private RunningProcess start(Path work, List<String> arguments) throws IOException {
    List<String> line = new ArrayList<>(command());
    line.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(line);
    Map<String, String> environment = builder.environment();
    environment.remove("AWS_CA_BUNDLE"); // Litestream 0.5.18 does not start on S3 beside it
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log(work).toFile()));
    return new RunningProcess(builder.start());
  }
}
