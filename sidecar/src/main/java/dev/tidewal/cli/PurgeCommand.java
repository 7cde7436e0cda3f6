package dev.tidewal.cli;

import dev.tidewal.core.ExitCode;
import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClients;
import dev.tidewal.serve.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidewal purge}: deletes a replica. */
@Command(
    name = "purge",
    description = "Delete a whole replica: all LTX objects and control documents below its prefix.",
    footer = {
      "",
      "Objects that are not of our own layout are left alone.",
      "",
      "Example:  tidewal purge --dry-run s3://bucket/app"
    })
final class PurgeCommand implements Subcommand.Plain {
  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private TargetOptions replica = new TargetOptions();

  @Option(names = "--yes", description = "Really delete.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Only say what would be deleted.")
  private boolean dryRun;

  PurgeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public ExitCode run() throws IOException {
    try (ReplicaClients clients = new ReplicaClients();
        ReplicaClient client = TargetOptions.open(replica.target(terminal), clients)) {
      List<ObjectInfo> objects;
      try (var _ = ProgressLine.start(terminal, "listing " + client.url())) {
        objects = objects(client);
      }
      if (!dryRun && !yes) {
        throw new TidewalException.Refused(
            client.url()
                + ": purge deletes "
                + summary(objects)
                + " for good: add --yes, or --dry-run to see them");
      }
      if (!dryRun) {
        try (var _ = ProgressLine.start(terminal, "deleting " + summary(objects))) {
          client.deleteAll();
        }
      }
      common.answer(terminal, json(client, objects), () -> text(client, objects));
    }
    return ExitCode.OK;
  }

  private static List<ObjectInfo> objects(ReplicaClient client) {
    List<ObjectInfo> objects = new ArrayList<>();
    for (int level = 0; level <= LtxName.SNAPSHOT_LEVEL; level++) {
      client.list(level, Txid.ZERO, false).forEachRemaining(objects::add);
    }
    return objects;
  }

  private String text(ReplicaClient client, List<ObjectInfo> objects) {
    return dryRun
        ? ObjectList.text(objects) + client.url() + ": would delete " + summary(objects) + "\n"
        : client.url() + ": deleted " + summary(objects) + "\n";
  }

  private Map<String, @Nullable Object> json(ReplicaClient client, List<ObjectInfo> objects) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("replica", client.url());
    json.put("dryRun", dryRun);
    json.put("objects", ObjectList.json(objects));
    return json;
  }

  private static String summary(List<ObjectInfo> objects) {
    long bytes = objects.stream().mapToLong(ObjectInfo::sizeBytes).sum();
    return objects.size() + " objects, " + Figures.bytes(bytes);
  }
}
