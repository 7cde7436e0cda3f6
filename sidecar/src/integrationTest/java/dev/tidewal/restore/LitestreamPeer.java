package dev.tidewal.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Litestream binary with one database and one replica. */
final class LitestreamPeer {
  private final Path binary;
  private final Path directory;
  private final Path config;
  private final String url;

  /**
   * @param replica the replica's lines of the configuration, for {@code replica:} or {@code
   *     replicas:}
   * @param url what restore is given; the database's path where the configuration names it
   */
  LitestreamPeer(Path binary, Path directory, String settings, String url) throws IOException {
    this.binary = binary;
    this.directory = directory;
    this.config = directory.resolve("litestream.yml");
    this.url = url;
    Files.writeString(config, settings);
  }

  /** Starts to replicate; ended by {@link #stop}. */
  Process replicate() throws IOException {
    return start("replicate", "-config", config.toString());
  }

  /** Ends a replication with its final sync. */
  static void stop(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  /** Restores; false when it answers that it can't. */
  boolean restore(Path output, String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("restore", "-config", config.toString()));
    command.addAll(List.of("-o", output.toString()));
    command.addAll(List.of(options));
    command.add(url);
    Process process = start(command.toArray(String[]::new));
    return process.waitFor() == 0;
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(binary.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    // Version 0.5.18 does not start on S3 where it is set.
    builder.environment().remove("AWS_CA_BUNDLE");
    builder.redirectErrorStream(true);
    builder.redirectOutput(
        ProcessBuilder.Redirect.appendTo(directory.resolve("litestream.log").toFile()));
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }
}
