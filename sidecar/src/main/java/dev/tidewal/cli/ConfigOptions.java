package dev.tidewal.cli;

import dev.tidewal.config.ConfigNote;
import dev.tidewal.config.Configuration;
import dev.tidewal.config.ConfigurationReader;
import dev.tidewal.config.DatabaseConfig;
import dev.tidewal.config.LoadedConfiguration;
import dev.tidewal.core.TidewalException;
import dev.tidewal.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which configuration a subcommand goes by. */
final class ConfigOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Configuration, ours or Litestream's; else the first of $$TIDEWAL_CONFIG,"
              + " /etc/tidewal.yml, $$LITESTREAM_CONFIG, /etc/litestream.yml that exists.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--no-expand-env",
      description = "Leave $$VARIABLES in the configuration as they are.")
  private boolean literal;

  /** The file that was named, or the standard one that exists. */
  Optional<Path> file(Terminal terminal) {
    return file.or(() -> ConfigurationReader.standardFile(terminal.environment()));
  }

  ConfigurationReader reader(Terminal terminal) {
    return new ConfigurationReader(terminal.environment(), !literal);
  }

  /** The configuration, if there is a file; what is doubtful in it goes to standard error. */
  Optional<Configuration> find(Terminal terminal) throws IOException {
    Optional<Path> found = file(terminal);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    LoadedConfiguration loaded = reader(terminal).read(found.get());
    warn(loaded.notes(), terminal);
    return Optional.of(loaded.configuration());
  }

  /**
   * The configuration.
   *
   * @throws TidewalException.Usage when there is no file
   */
  Configuration require(Terminal terminal) throws IOException {
    return find(terminal)
        .orElseThrow(() ->
            new TidewalException.Usage(
                "no configuration was found: name one with --config, or write /etc/tidewal.yml"));
  }

  /** Where the local state of a database is kept, whether it is there or not. */
  Path stateDirectory(Path database, Terminal terminal) throws IOException {
    Optional<Path> configured =
        find(terminal).flatMap(all -> all.find(database)).flatMap(DatabaseConfig::stateDirectory);
    return StateDirectory.locate(database, configured);
  }

  static void warn(List<ConfigNote> notes, Terminal terminal) {
    notes.stream()
        .filter(note -> note.severity() == ConfigNote.Severity.WARNING)
        .forEach(note -> terminal.err().println("tidewal: warning: " + note));
  }
}
