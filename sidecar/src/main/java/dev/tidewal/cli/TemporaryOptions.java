package dev.tidewal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a subcommand restores to for a while. */
final class TemporaryOptions {
  @Option(
      names = "--temporary",
      paramLabel = "DIRECTORY",
      description = "Where the restored file lies meanwhile; default: the system's place for such.")
  private Optional<Path> temporary = Optional.empty();

  /** A new directory; the caller deletes it. */
  Path create(String prefix) throws IOException {
    return temporary.isPresent()
        ? Files.createTempDirectory(temporary.get(), prefix)
        : Files.createTempDirectory(prefix);
  }
}
