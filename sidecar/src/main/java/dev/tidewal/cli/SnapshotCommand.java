package dev.tidewal.cli;

import dev.tidewal.core.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tidewal snapshot}: has a running sidecar store every page now. */
@Command(
    name = "snapshot",
    description = "Store a snapshot of a database now (asks a running sidecar).",
    footer = {
      "",
      "Snapshots come by themselves, every 24 hours by default; this one reads the whole database",
      "and sends it.",
      "",
      "Example:  tidewal snapshot --wait 5m /data/app.db"
    })
final class SnapshotCommand implements Subcommand.Plain {
  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ConfigOptions config = new ConfigOptions();
  @Mixin private AddressOptions sidecar = new AddressOptions();
  @Mixin private WaitOptions wait = new WaitOptions();

  @Parameters(paramLabel = "DB", description = "The database file.")
  private Path database = Path.of("");

  SnapshotCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public ExitCode run() throws IOException {
    SidecarClient client = new SidecarClient(sidecar.address(config.find(terminal)));
    String path = database.toAbsolutePath().normalize().toString();
    SidecarClient.Answer answer;
    try (var _ = ProgressLine.start(terminal, "waiting for the snapshot")) {
      answer = client.ask("snapshot", Optional.of(path), wait.duration(), Map.of());
    }
    answer.show(
        common,
        terminal,
        each -> "snapshot stored at " + each.path("durable").path("txid").asText());
    return answer.exitCode();
  }
}
