package dev.tidewal.cli;

import dev.tidewal.config.Configuration;
import dev.tidewal.core.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tidewal sync}: waits until a running sidecar has made everything durable. */
@Command(
    name = "sync",
    description = "Wait until everything committed so far is durable (asks a running sidecar).",
    footer = {"", "Example:  tidewal sync --wait 10s /data/app.db"})
final class SyncCommand implements Subcommand.Plain {
  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ConfigOptions config = new ConfigOptions();
  @Mixin private AddressOptions sidecar = new AddressOptions();
  @Mixin private WaitOptions wait = new WaitOptions();

  @Parameters(arity = "0..1", paramLabel = "DB", description = "Only this database.")
  private Optional<Path> database = Optional.empty();

  SyncCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public ExitCode run() throws IOException {
    Optional<Configuration> configuration = config.find(terminal);
    SidecarClient client = new SidecarClient(sidecar.address(configuration));
    Optional<String> path = database.map(file -> file.toAbsolutePath().normalize().toString());
    SidecarClient.Answer answer;
    try (var _ = ProgressLine.start(terminal, "waiting for the sidecar")) {
      answer = client.ask("sync", path, wait.duration(), Map.of());
    }
    answer.show(
        common, terminal, each -> "durable at " + each.path("durable").path("txid").asText());
    return answer.exitCode();
  }
}
