package dev.tidewal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewal.config.Configuration;
import dev.tidewal.config.DatabaseConfig;
import dev.tidewal.core.ExitCode;
import dev.tidewal.core.Nearest;
import dev.tidewal.core.TidewalException;
import dev.tidewal.database.WalCheckpoint;
import dev.tidewal.serve.Json;
import dev.tidewal.serve.StatusJson;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidewal checkpoint}: through the sidecar that runs, else on a file that is safe. */
@Command(
    name = "checkpoint",
    description = "Copy a database's WAL into its file, after everything in it is durable.",
    footer = {
      "",
      "The sidecar checkpoints by itself in pauses between commits; this is for people who want the",
      "WAL to be small now. Without a running sidecar restart and truncate are refused as long as",
      "the WAL holds what the replica lacks.",
      "",
      "Example:  tidewal checkpoint --mode truncate /data/app.db"
    })
final class CheckpointCommand implements Subcommand.Plain {
  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ConfigOptions config = new ConfigOptions();
  @Mixin private AddressOptions sidecar = new AddressOptions();
  @Mixin private WaitOptions wait = new WaitOptions();

  @Option(
      names = "--mode",
      paramLabel = "passive|full|restart|truncate",
      description = "What SQLite calls it; default: passive.")
  private String mode = "passive";

  @Parameters(paramLabel = "DB", description = "The database file.")
  private Path database = Path.of("");

  CheckpointCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public ExitCode run() throws IOException {
    WalCheckpoint.Mode how = mode();
    Duration patience = wait.duration();
    Path file = database.toAbsolutePath().normalize();
    Optional<Configuration> configuration = config.find(terminal);
    SidecarClient client = new SidecarClient(sidecar.address(configuration));
    try (var _ = ProgressLine.start(terminal, "checkpointing " + file.getFileName())) {
      if (runs(client, file)) {
        SidecarClient.Answer answer =
            client.ask(
                "checkpoint",
                Optional.of(file.toString()),
                patience,
                Map.of("mode", how.toString()));
        answer.show(common, terminal, CheckpointCommand::text);
        return answer.exitCode();
      }
    }
    Optional<Path> states =
        configuration.flatMap(all -> all.find(file)).flatMap(DatabaseConfig::stateDirectory);
    return alone(new LoneCheckpoint(file, states).run(how, patience));
  }

  private ExitCode alone(WalCheckpoint.Report report) {
    if (!report.complete()) {
      throw new TidewalException.Refused(
          database
              + ": its application was in the way of a "
              + report.mode()
              + " checkpoint: stop it, wait longer with --wait, or be content with passive");
    }
    Map<String, @Nullable Object> json = Json.object();
    json.put("database", database);
    json.put("checkpointed", true);
    json.putAll(StatusJson.checkpoint(report));
    common.answer(
        terminal,
        json,
        () ->
            database
                + ": "
                + text(
                    report.mode().toString(), report.frames(), report.copied(), report.walBytes())
                + "\n");
    return ExitCode.OK;
  }

  private static boolean runs(SidecarClient client, Path file) throws IOException {
    Optional<JsonNode> page = client.status();
    return page.isPresent()
        && page.get().path("databases").findValuesAsText("database").contains(file.toString());
  }

  private static String text(JsonNode done) {
    return text(
        done.path("mode").asText(),
        done.path("frames").asLong(),
        done.path("copied").asLong(),
        done.path("walBytes").asLong());
  }

  private static String text(String mode, long frames, long copied, long walBytes) {
    return mode
        + " checkpoint: "
        + copied
        + " of "
        + frames
        + " frames are in the database file, the WAL has "
        + Figures.bytes(walBytes);
  }

  private WalCheckpoint.Mode mode() {
    List<String> known =
        Arrays.stream(WalCheckpoint.Mode.values()).map(WalCheckpoint.Mode::toString).toList();
    return WalCheckpoint.Mode.parse(mode)
        .orElseThrow(() ->
            new TidewalException.Usage(
                "--mode "
                    + mode
                    + " is none of "
                    + String.join(", ", known)
                    + Nearest.to(mode, known)
                        .map(name -> ": did you mean " + name + "?")
                        .orElse("")));
  }
}
