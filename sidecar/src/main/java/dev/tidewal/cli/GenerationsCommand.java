package dev.tidewal.cli;

import dev.tidewal.core.ExitCode;
import dev.tidewal.legacy.Generation;
import dev.tidewal.legacy.GenerationPlan;
import dev.tidewal.legacy.GenerationSnapshot;
import dev.tidewal.legacy.GenerationStore;
import dev.tidewal.legacy.WalSegment;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClients;
import dev.tidewal.serve.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidewal generations}: what Litestream 0.3 left in a replica. */
@Command(
    name = "generations",
    description = "List the generations that Litestream 0.3 wrote.",
    footer = {
      "",
      "Restore one with restore --generation, or turn the newest into LTX with import.",
      "",
      "Example:  tidewal generations s3://bucket/app"
    })
final class GenerationsCommand implements Subcommand.Plain {
  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private TargetOptions replica = new TargetOptions();

  GenerationsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public ExitCode run() throws IOException {
    List<Generation> generations;
    try (ReplicaClients clients = new ReplicaClients();
        ReplicaClient client = TargetOptions.open(replica.target(terminal), clients);
        var _ = ProgressLine.start(terminal, "listing " + client.url())) {
      generations =
          client.browser().map(browser -> new GenerationStore(browser).list()).orElse(List.of());
    }
    common.answer(
        terminal,
        generations.stream().map(GenerationsCommand::json).toList(),
        () -> text(generations));
    return ExitCode.OK;
  }

  private static String text(List<Generation> generations) {
    TextTable table = new TextTable("generation", "snapshots", "indexes", "size", "start", "end");
    for (Generation generation : generations) {
      table.row(
          generation.id(),
          generation.snapshots().size(),
          indexes(generation),
          Figures.bytes(bytes(generation)),
          generation.created().map(Instant::toString).orElse("-"),
          generation.updated().map(Instant::toString).orElse("-"));
    }
    return table.toString();
  }

  private static String indexes(Generation generation) {
    Optional<String> first = all(generation).boxed().min(Long::compare).map(GenerationPlan::hex);
    Optional<String> last = all(generation).boxed().max(Long::compare).map(GenerationPlan::hex);
    return first.orElse("") + "-" + last.orElse("");
  }

  private static LongStream all(Generation generation) {
    return LongStream.concat(
        generation.snapshots().stream().mapToLong(GenerationSnapshot::index),
        generation.segments().stream().mapToLong(WalSegment::index));
  }

  private static long bytes(Generation generation) {
    return generation.snapshots().stream().mapToLong(GenerationSnapshot::sizeBytes).sum()
        + generation.segments().stream().mapToLong(WalSegment::sizeBytes).sum();
  }

  private static Map<String, @Nullable Object> json(Generation generation) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("generation", generation.id());
    json.put("snapshots", generation.snapshots().size());
    json.put("segments", generation.segments().size());
    json.put("firstIndex", all(generation).boxed().min(Long::compare).map(GenerationPlan::hex));
    json.put("lastIndex", all(generation).boxed().max(Long::compare).map(GenerationPlan::hex));
    json.put("bytes", bytes(generation));
    json.put("start", generation.created());
    json.put("end", generation.updated());
    return json;
  }
}
