package dev.tidewal.cli;

import dev.tidewal.core.ExitCode;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidewal completion}. */
@Command(
    name = "completion",
    description = "Print a completion script for bash and zsh.",
    footer = {"", "Example:  source <(tidewal completion)"})
final class CompletionCommand implements Subcommand.Plain {
  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();

  CompletionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public ExitCode run() {
    CommandLine all = Tidewal.withAllSubcommands(terminal);
    String script = AutoComplete.bash("tidewal", all);
    common.answer(terminal, Map.of("script", script), () -> script);
    return ExitCode.OK;
  }
}
