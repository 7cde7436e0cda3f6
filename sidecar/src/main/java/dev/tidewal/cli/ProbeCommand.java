package dev.tidewal.cli;

import dev.tidewal.config.StoreLookup;
import dev.tidewal.config.StoreState;
import dev.tidewal.core.ExitCode;
import dev.tidewal.core.TidewalException;
import dev.tidewal.replica.ProbeReport;
import dev.tidewal.replica.ReplicaClients;
import dev.tidewal.replica.ReplicaSettings;
import dev.tidewal.replica.StoreProbe;
import dev.tidewal.serve.Json;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidewal probe}: what a store can do, found out by trying. */
@Command(
    name = "probe",
    description = "Find out by trying what the store of a replica can do.",
    footer = {
      "",
      "Writes some small objects below a prefix of its own and deletes them again. Where a second",
      "writer is not noticed, two sidecars on one replica can't be kept apart.",
      "",
      "Example:  tidewal probe s3://bucket/app"
    })
final class ProbeCommand implements Subcommand.Plain {
  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private TargetOptions replica = new TargetOptions();

  ProbeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public ExitCode run() throws IOException {
    ReplicaSettings settings = settings(replica.target(terminal));
    ProbeReport report;
    try (ReplicaClients clients = new ReplicaClients();
        ProgressLine line = ProgressLine.start(terminal, "probing " + settings.url())) {
      report = StoreProbe.run(settings, clients);
      line.finish();
    }
    common.answer(terminal, json(report), () -> text(report));
    return ExitCode.OK;
  }

  private static ReplicaSettings settings(Target target) throws IOException {
    return switch (StoreLookup.look(target.destination().store())) {
      case StoreState.Ready(var settings) -> settings;
      case StoreState.NotReady(String reason) ->
          throw new TidewalException.StoreUnreachable("the bucket is not ready: " + reason);
    };
  }

  private static String text(ProbeReport report) {
    TextTable table = new TextTable("capability", "found", "time", "detail");
    for (ProbeReport.Finding finding : report.findings()) {
      table.row(
          word(finding.capability()),
          found(finding.outcome()),
          Figures.time(finding.duration()),
          finding.outcome() == ProbeReport.Outcome.NO
              ? finding.detail() + " (wanted: " + finding.capability().meaning() + ")"
              : finding.capability().meaning());
    }
    String verdict =
        report.conditionalCreate()
            ? "a second writer is noticed: replicas in this store are fenced"
            : "a second writer is NOT noticed: run one sidecar a replica, and make sure of it";
    return table + report.url() + ": " + verdict + "\n";
  }

  private static Map<String, @Nullable Object> json(ProbeReport report) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("type", report.type());
    json.put("replica", report.url());
    json.put("conditionalCreate", report.conditionalCreate());
    json.put("findings", report.findings().stream().map(ProbeCommand::json).toList());
    return json;
  }

  private static Map<String, @Nullable Object> json(ProbeReport.Finding finding) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("capability", word(finding.capability()));
    json.put("meaning", finding.capability().meaning());
    json.put("found", found(finding.outcome()));
    json.put("detail", finding.detail());
    json.put("seconds", finding.duration());
    return json;
  }

  private static String word(ProbeReport.Capability capability) {
    return capability.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String found(ProbeReport.Outcome outcome) {
    return switch (outcome) {
      case YES -> "yes";
      case NO -> "NO";
      case NOT_APPLICABLE -> "-";
    };
  }
}
