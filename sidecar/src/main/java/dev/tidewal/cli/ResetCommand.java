package dev.tidewal.cli;

import dev.tidewal.config.DatabaseConfig;
import dev.tidewal.core.ExitCode;
import dev.tidewal.serve.Json;
import dev.tidewal.state.Acknowledged;
import dev.tidewal.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidewal reset}: forgets the local state of a database. */
@Command(
    name = "reset",
    description = "Forget the local replication state of a database; the database stays as it is.",
    footer = {
      "",
      "The next start decides as for a database that was never replicated from here: it goes on",
      "when the replica's newest state equals the database, and asks otherwise. Spooled changes and",
      "branches that were kept aside stay.",
      "",
      "Example:  tidewal reset /data/app.db"
    })
final class ResetCommand implements Subcommand.Plain {
  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(names = "--dry-run", description = "Only show what would be forgotten.")
  private boolean dryRun;

  @Parameters(paramLabel = "DB", description = "The database file.")
  private String database = "";

  ResetCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public ExitCode run() throws IOException {
    Path file = Path.of(database);
    Optional<Path> configured =
        config
            .find(terminal)
            .flatMap(all -> all.find(file))
            .flatMap(DatabaseConfig::stateDirectory);
    Path directory = StateDirectory.locate(file, configured);
    Optional<Acknowledged> state = StateDirectory.peek(directory);
    boolean exists = Files.isDirectory(directory);
    if (exists && !dryRun) {
      try (StateDirectory held = StateDirectory.open(file, configured)) {
        held.reset();
      }
    }
    common.answer(terminal, json(directory, state, exists), () -> text(directory, state, exists));
    return ExitCode.OK;
  }

  private String text(Path directory, Optional<Acknowledged> state, boolean exists) {
    if (!exists) {
      return database + ": there is no local state in " + directory + "\n";
    }
    String verb = dryRun ? ": would forget " : ": forgot ";
    String what = state.map(known -> "position " + known.position()).orElse("a start without one");
    return database + verb + what + " (" + directory + ")\n";
  }

  private Map<String, @Nullable Object> json(
      Path directory, Optional<Acknowledged> state, boolean exists) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("database", database);
    json.put("stateDirectory", directory);
    json.put("existed", exists);
    json.put("position", state.map(Acknowledged::position));
    json.put("dryRun", dryRun);
    return json;
  }
}
