package dev.tidewal.cli;

import java.util.List;

/** All subcommands by name. A class is loaded when its command is made. */
final class Subcommands {
  /** In the order in which help lists them. */
  static final List<String> NAMES = List.of("version", "completion");

  private Subcommands() {}

  static Subcommand make(String name, Terminal terminal) {
    return switch (name) {
      case "version" -> new VersionCommand(terminal);
      case "completion" -> new CompletionCommand(terminal);
      default -> throw new IllegalArgumentException("no subcommand " + name);
    };
  }
}
