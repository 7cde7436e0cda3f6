package dev.tidewal.compact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.testing.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real program, on a replica in files. */
final class Litestream {
  private final Path binary = Peers.litestream();
  private final Path directory;
  private final Path replica;

  Litestream(Path directory, Path replica) {
    this.directory = directory;
    this.replica = replica;
  }

  /** Restores to a new file; arguments as {@code -txid}, {@code -timestamp}. */
  byte[] restore(String... arguments) throws IOException, InterruptedException {
    Path output = directory.resolve("by-litestream.db");
    Files.deleteIfExists(output);
    List<String> command =
        new ArrayList<>(List.of(binary.toString(), "restore", "-o", output.toString()));
    command.addAll(List.of(arguments));
    command.add("file://" + replica);
    Path log = directory.resolve("restore.log");
    Process process = start(command, log);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("%s: %s", command, Files.readString(log)).isZero();
    return Files.readAllBytes(output);
  }

  /** Follows a database while {@code work} runs, with short levels; returns its log. */
  String replicate(Path database, Work work) throws Exception {
    Path config = directory.resolve("litestream.yml");
    Files.writeString(
        config,
        """
        levels:
          - interval: 1s
          - interval: 2s
          - interval: 4s
        verify-compaction: true
        dbs:
          - path: %s
            monitor-interval: 100ms
            replica:
              type: file
              path: %s
              sync-interval: 100ms
        """
            .formatted(database, replica));
    Path log = directory.resolve("replicate.log");
    Process process =
        start(List.of(binary.toString(), "replicate", "-config", config.toString()), log);
    try {
      work.run();
    } catch (Exception | AssertionError e) {
      throw new AssertionError("litestream said:\n" + Files.readString(log), e);
    } finally {
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
    return Files.readString(log);
  }

  private static Process start(List<String> command, Path log) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /** What happens meanwhile. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }
}
