package dev.tidewal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewal.config.Configuration;
import dev.tidewal.core.DurationText;
import dev.tidewal.core.ExitCode;
import dev.tidewal.core.TidewalException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
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

  @Option(
      names = {"--wait", "--timeout"},
      arity = "0..1",
      fallbackValue = "30s",
      paramLabel = "TIME",
      description = "How long to wait at most; default: 30s.")
  private String wait = "30s";

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
    SidecarClient.Answer answer = client.sync(path, parse(wait));
    if (common.json()) {
      terminal.out().println(answer.body().toPrettyString());
    } else {
      say(answer.body());
    }
    return switch (answer.status()) {
      case 200 -> ExitCode.OK;
      case 504 -> ExitCode.STORE_UNREACHABLE;
      case 409 -> fenced(answer.body()) ? ExitCode.FENCED : ExitCode.REFUSED;
      case 404, 400 -> ExitCode.USAGE;
      default -> ExitCode.UNEXPECTED;
    };
  }

  private static Duration parse(String text) {
    try {
      // Litestream's -timeout is a number of seconds.
      return text.matches("\\d+")
          ? Duration.ofSeconds(Long.parseLong(text))
          : DurationText.parse(text);
    } catch (IllegalArgumentException notADuration) {
      throw new TidewalException.Usage("--wait " + text + " " + notADuration.getMessage());
    }
  }

  private static boolean fenced(JsonNode body) {
    return body.path("databases").findValuesAsText("error").contains("Fenced");
  }

  private void say(JsonNode body) {
    if (body.has("message")) {
      terminal.err().println("tidewal: " + body.path("message").asText());
    }
    for (JsonNode each : body.path("databases")) {
      String database = each.path("database").asText();
      if (each.path("synced").asBoolean()) {
        String txid = each.path("durable").path("txid").asText();
        terminal.out().println(database + ": durable at " + txid);
      } else {
        terminal.err().println("tidewal: " + database + ": " + each.path("message").asText());
      }
    }
  }
}
