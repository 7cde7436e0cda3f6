package dev.tidewal.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A replicator under test, driven by its command line and a litestream.yml that both understand.
 */
enum Contender {
  LITESTREAM {
    @Override
    List<String> command() {
      return List.of(System.getenv().getOrDefault("LITESTREAM_BIN", "litestream"));
    }
  },
  TIDEWAL {
    @Override
    List<String> command() {
      return List.of(Path.of("dist/bin/tidewal").toAbsolutePath().toString());
    }
  };

  abstract List<String> command();

  /**
   * Starts replication of one database.
   *
   * @param tuned poll and sync every 10 ms instead of the defaults
   */
  RunningProcess replicate(Path work, Path database, Store store, boolean tuned)
      throws IOException {
    Path config = work.resolve(name() + ".yml");
    String tuning = tuned ? "    monitor-interval: 10ms\n" : "";
    String sync = tuned ? "      sync-interval: 10ms\n" : "";
    Files.writeString(
        config,
        "dbs:\n  - path: "
            + database
            + "\n"
            + tuning
            + "    replica:\n"
            + store.yaml(name())
            + sync);
    return start(work, "replicate", "-config", config.toString());
  }

  RunningProcess restore(Path work, Path output, Path database) throws IOException {
    Path config = work.resolve(name() + ".yml");
    return start(
        work,
        "restore",
        "-config",
        config.toString(),
        "-o",
        output.toString(),
        database.toString());
  }

  private RunningProcess start(Path work, String... arguments) throws IOException {
    List<String> line = new ArrayList<>(command());
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line);
    Map<String, String> environment = builder.environment();
    environment.remove("AWS_CA_BUNDLE"); // Litestream 0.5.18 does not start on S3 beside it
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(work.resolve(name() + ".log").toFile()));
    return new RunningProcess(builder.start());
  }
}
