package dev.tidewal.cli;

import java.util.List;

/** All subcommands by name. A class is loaded when its command is made. */
final class Subcommands {
  /** In the order in which help lists them. */
  static final List<String> NAMES =
      List.of(
          "replicate",
          "prepare",
          "restore",
          "status",
          "databases",
          "ltx",
          "snapshots",
          "generations",
          "verify",
          "checksum",
          "probe",
          "sync",
          "snapshot",
          "checkpoint",
          "import",
          "reset",
          "purge",
          "demo",
          "version",
          "completion");

  private Subcommands() {}

  static Subcommand make(String name, Terminal terminal) {
    return switch (name) {
      case "replicate" -> new ReplicateCommand(terminal);
      case "prepare" -> new PrepareCommand(terminal);
      case "restore" -> new RestoreCommand(terminal);
      case "status" -> new StatusCommand(terminal);
      case "databases" -> new DatabasesCommand(terminal);
      case "ltx" -> new LtxCommand(terminal);
      case "snapshots" -> new SnapshotsCommand(terminal);
      case "generations" -> new GenerationsCommand(terminal);
      case "verify" -> new VerifyCommand(terminal);
      case "checksum" -> new ChecksumCommand(terminal);
      case "probe" -> new ProbeCommand(terminal);
      case "sync" -> new SyncCommand(terminal);
      case "snapshot" -> new SnapshotCommand(terminal);
      case "checkpoint" -> new CheckpointCommand(terminal);
      case "import" -> new ImportCommand(terminal);
      case "reset" -> new ResetCommand(terminal);
      case "purge" -> new PurgeCommand(terminal);
      case "demo" -> new DemoCommand(terminal);
      case "version" -> new VersionCommand(terminal);
      case "completion" -> new CompletionCommand(terminal);
      default -> throw new IllegalArgumentException("no subcommand " + name);
    };
  }
}
