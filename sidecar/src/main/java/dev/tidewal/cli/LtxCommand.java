package dev.tidewal.cli;

import dev.tidewal.core.ExitCode;
import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClients;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidewal ltx}: what a replica holds, object by object. */
@Command(
    name = "ltx",
    aliases = "wal",
    description = "List the LTX objects of a replica.",
    footer = {"", "Example:  tidewal ltx --level 9 s3://bucket/app"})
final class LtxCommand implements Subcommand.Plain {
  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private TargetOptions replica = new TargetOptions();

  @Option(
      names = "--level",
      paramLabel = "0-9|all",
      description = "Only this level: 0 batches, 1 to 8 compacted, 9 snapshots. Default: all.")
  private String level = "all";

  @Option(
      names = "--exact-times",
      description =
          "Show when content was recorded instead of stored (one request an object on S3).")
  private boolean exactTimes;

  LtxCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public ExitCode run() throws IOException {
    List<Integer> levels = levels();
    List<ObjectInfo> objects = new ArrayList<>();
    try (ReplicaClients clients = new ReplicaClients();
        ReplicaClient client = TargetOptions.open(replica.target(terminal), clients);
        var _ = ProgressLine.start(terminal, "listing " + client.url())) {
      for (int each : levels) {
        client.list(each, Txid.ZERO, exactTimes).forEachRemaining(objects::add);
      }
    }
    common.answer(terminal, ObjectList.json(objects), () -> ObjectList.text(objects));
    return ExitCode.OK;
  }

  private List<Integer> levels() {
    if (level.equals("all")) {
      return IntStream.rangeClosed(0, LtxName.SNAPSHOT_LEVEL).boxed().toList();
    }
    if (level.matches("[0-9]")) {
      return List.of(Integer.valueOf(level));
    }
    throw new TidewalException.Usage("--level " + level + " is unknown: write 0 to 9 or all");
  }
}
