package dev.tidewal.cli;

import dev.tidewal.core.ExitCode;
import dev.tidewal.core.Position;
import dev.tidewal.database.DatabaseContent;
import dev.tidewal.serve.Json;
import dev.tidewal.serve.StatusJson;
import dev.tidewal.state.Acknowledged;
import dev.tidewal.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tidewal checksum}: what a database file holds, comparable with a position. */
@Command(
    name = "checksum",
    description = "Print the rolling checksum of a database, and its TXID where it is known.",
    footer = {
      "",
      "The checksum is that of the last commit, wherever its pages are: a replica's position with",
      "the same checksum holds the same bytes.",
      "",
      "Example:  tidewal checksum /data/app.db"
    })
final class ChecksumCommand implements Subcommand.Plain {
  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ConfigOptions config = new ConfigOptions();

  @Parameters(paramLabel = "DB", description = "The database file.")
  private Path database = Path.of("");

  ChecksumCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public ExitCode run() throws IOException {
    DatabaseContent content;
    try (ProgressLine line = ProgressLine.start(terminal, "reading " + database.getFileName())) {
      line.expect(Files.exists(database) ? Files.size(database) : 0);
      content = DatabaseContent.read(database, line::advance);
    }
    Optional<Position> acknowledged =
        StateDirectory.peek(config.stateDirectory(database, terminal)).map(Acknowledged::position);
    common.answer(terminal, json(content, acknowledged), () -> text(content, acknowledged));
    return ExitCode.OK;
  }

  private String text(DatabaseContent content, Optional<Position> acknowledged) {
    return HexFormat.of().toHexDigits(content.checksum())
        + "  "
        + database
        + "\n"
        + content.pages()
        + " pages of "
        + content.pageSize()
        + " bytes; "
        + acknowledged
            .map(position ->
                isAt(content, position)
                    ? "TXID " + position.txid()
                    : "TXID unknown: another state than "
                        + position
                        + ", the last that was durable")
            .orElse("TXID unknown: there is no local state")
        + "\n";
  }

  private Map<String, @Nullable Object> json(
      DatabaseContent content, Optional<Position> acknowledged) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("database", database);
    json.put("checksum", HexFormat.of().toHexDigits(content.checksum()));
    json.put("pageSize", content.pageSize());
    json.put("pages", content.pages());
    json.put("txid", acknowledged.filter(position -> isAt(content, position)).map(Position::txid));
    json.put("durable", acknowledged.map(StatusJson::position));
    return json;
  }

  private static boolean isAt(DatabaseContent content, Position position) {
    return position.checksum() == content.checksum();
  }
}
