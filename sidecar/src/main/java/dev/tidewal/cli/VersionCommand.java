package dev.tidewal.cli;

import dev.tidewal.core.ExitCode;
import dev.tidewal.serve.Json;
import dev.tidewal.serve.Version;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidewal version}. */
@Command(
    name = "version",
    description = "Print the version.",
    footer = {"", "Example:  tidewal version --verbose"})
final class VersionCommand implements Subcommand.Plain {
  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();

  @Option(names = "--verbose", description = "Also those of Java and SQLite.")
  private boolean verbose;

  VersionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public ExitCode run() throws SQLException {
    Map<String, @Nullable Object> json = Json.object();
    json.put("tidewal", Version.tidewal());
    if (verbose || common.json()) {
      json.put("java", Version.java());
      json.put("sqlite", sqliteVersion());
    }
    common.answer(terminal, json, () -> text(json));
    return ExitCode.OK;
  }

  private static String text(Map<String, @Nullable Object> json) {
    StringBuilder lines = new StringBuilder();
    json.forEach((name, version) ->
        lines.append(name.equals("tidewal") ? "" : name + " ").append(version).append('\n'));
    return lines.toString();
  }

  private static String sqliteVersion() throws SQLException {
    try (Connection memory = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = memory.createStatement();
        ResultSet row = statement.executeQuery("SELECT sqlite_version()")) {
      row.next();
      return row.getString(1);
    }
  }
}
