package dev.tidewal.cli;

import dev.tidewal.config.Configuration;
import dev.tidewal.config.DatabaseConfig;
import dev.tidewal.config.DatabaseSource;
import dev.tidewal.config.DestinationConfig;
import dev.tidewal.core.ExitCode;
import dev.tidewal.serve.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidewal databases}: what the configuration names. Asks no store. */
@Command(
    name = "databases",
    description = "List the databases of the configuration.",
    footer = {"", "Example:  tidewal databases --config tidewal.yml"})
final class DatabasesCommand implements Subcommand.Plain {
  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ConfigOptions config = new ConfigOptions();

  DatabasesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public ExitCode run() throws IOException {
    Configuration configuration = config.require(terminal);
    List<Map<String, @Nullable Object>> json =
        configuration.databases().stream().map(DatabasesCommand::json).toList();
    common.answer(terminal, json, () -> text(configuration));
    return ExitCode.OK;
  }

  private static String text(Configuration configuration) {
    TextTable table = new TextTable("database", "destination", "url");
    for (DatabaseConfig database : configuration.databases()) {
      for (DestinationConfig destination : database.destinations()) {
        table.row(shown(database.source()), destination.name(), destination.store().shown());
      }
    }
    return table.toString();
  }

  private static Map<String, @Nullable Object> json(DatabaseConfig database) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("database", shown(database.source()));
    json.put("destinations", database.destinations().stream().map(DatabasesCommand::json).toList());
    return json;
  }

  private static Map<String, @Nullable Object> json(DestinationConfig destination) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("name", destination.name());
    json.put("url", destination.store().shown());
    return json;
  }

  private static String shown(DatabaseSource source) {
    return switch (source) {
      case DatabaseSource.File one -> one.path().toString();
      case DatabaseSource.Directory many ->
          many.directory() + (many.recursive() ? "/**/" : "/") + many.pattern();
    };
  }
}
