package dev.tidewal.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Litestream of any version, replicating or restoring with a configuration file. */
final class LitestreamProcess implements AutoCloseable {
  private final Process process;
  private final Path log;

  private LitestreamProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static LitestreamProcess replicate(Path binary, Path config) throws IOException {
    Path log = config.resolveSibling("litestream.log");
    return new LitestreamProcess(
        start(log, List.of(binary.toString(), "replicate", "-config", config.toString())), log);
  }

  /** Restores, and fails the test with Litestream's words when it can't. */
  static void restore(Path binary, Path config, Path database, Path output, String... options)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(binary.toString(), "restore", "-config", config.toString()));
    command.addAll(List.of(options));
    command.addAll(List.of("-o", output.toString(), database.toString()));
    Path log = config.resolveSibling("restore.log");
    Process process = start(log, command);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("restore ends").isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
  }

  private static Process start(Path log, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("AWS_CA_BUNDLE"); // 0.5.18 does not start on S3 beside it
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** SIGTERM: the final sync is part of it. */
  @Override
  public void close() throws IOException {
    process.destroy();
    process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
    assertThat(log).exists();
  }
}
