package dev.tidewal.cli;

import dev.tidewal.core.ExitCode;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClients;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidewal snapshots}: the whole states that a replica holds. */
@Command(
    name = "snapshots",
    description = "List the snapshots of a replica.",
    footer = {"", "Example:  tidewal snapshots s3://bucket/app"})
final class SnapshotsCommand implements Subcommand.Plain {
  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private TargetOptions replica = new TargetOptions();

  SnapshotsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public ExitCode run() throws IOException {
    List<ObjectInfo> snapshots = new ArrayList<>();
    try (ReplicaClients clients = new ReplicaClients();
        ReplicaClient client = TargetOptions.open(replica.target(terminal), clients);
        var _ = ProgressLine.start(terminal, "listing " + client.url())) {
      client.list(LtxName.SNAPSHOT_LEVEL, Txid.ZERO, false).forEachRemaining(snapshots::add);
    }
    common.answer(terminal, ObjectList.json(snapshots), () -> ObjectList.text(snapshots));
    return ExitCode.OK;
  }
}
