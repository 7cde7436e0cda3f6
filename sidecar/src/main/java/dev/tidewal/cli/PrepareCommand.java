package dev.tidewal.cli;

import dev.tidewal.config.Configuration;
import dev.tidewal.config.LoggingConfig;
import dev.tidewal.core.ExitCode;
import dev.tidewal.fence.Choice;
import dev.tidewal.fence.Moment;
import dev.tidewal.replicate.ReplicationEvents;
import dev.tidewal.replicate.ReplicationState;
import dev.tidewal.replicate.ReplicationStatus;
import dev.tidewal.report.OperatorAddress;
import dev.tidewal.report.PositionReporter;
import dev.tidewal.supervisor.Supervisor;
import dev.tidewal.supervisor.Supervisor.Circumstances;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidewal prepare}: the restore step, before anything of the application runs. */
@Command(
    name = "prepare",
    description =
        "Before an application starts: restore what is missing, bring forward what is old.",
    footer = {
      "",
      "Does what a start of replication decides (docs/recovery.md) and ends, so that the application",
      "and then `tidewal replicate` may start. Waits while a store is away and nothing is here.",
      "",
      "Example:  tidewal prepare -config tidewal.yml && app"
    })
final class PrepareCommand implements Subcommand {
  private static final Duration BRIEFLY = Duration.ofMillis(50);
  private static final Duration LAST_MOMENTS = Duration.ofSeconds(20);

  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(
      names = "--require",
      description = "Fail where there is neither a database nor anything to restore.")
  private boolean require;

  PrepareCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public Level defaultLogLevel() {
    return Level.INFO;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Configuration configuration =
        OneDatabase.only(config.require(terminal), terminal.environment());
    LoggingConfig logging = configuration.logging();
    Logging.configure(
        common.logLevel(terminal, logging.level()),
        common.json() ? LoggingConfig.Format.JSON : logging.format(),
        logging.toStandardError() ? terminal.err() : terminal.out());
    Circumstances circumstances =
        new Circumstances(
            Moment.RESTORE_STEP,
            Choice.NONE,
            Optional.empty(),
            terminal.environment().getOrDefault("TIDEWAL_CLUSTER_ID", ""),
            terminal.environment().getOrDefault("TIDEWAL_POD_UID", ""));
    try (Shutdown shutdown = Shutdown.listen(configuration.shutdownTimeout().plus(LAST_MOMENTS));
        Supervisor supervisor =
            Supervisor.start(configuration, circumstances, ReplicationEvents.NONE)) {
      Optional<PositionReporter> reporter =
          OperatorAddress.of(terminal.environment())
              .map(operator -> PositionReporter.start(operator, supervisor));
      List<ReplicationStatus> decided;
      try {
        decided = await(supervisor, shutdown);
        supervisor.stop();
      } finally {
        reporter.ifPresent(PositionReporter::close);
      }
      ExitCode code = judge(decided);
      shutdown.finished(code.code());
      return code.code();
    }
  }

  /** Each wait is said once: it may last for hours, and somebody reads the log. */
  private List<ReplicationStatus> await(Supervisor supervisor, Shutdown shutdown)
      throws InterruptedException {
    Map<String, String> said = new HashMap<>();
    while (true) {
      List<ReplicationStatus> statuses = supervisor.statuses();
      boolean isDecided = statuses.stream().noneMatch(s -> s.state() == ReplicationState.STARTING);
      if (isDecided || shutdown.await(BRIEFLY)) {
        return statuses;
      }
      for (ReplicationStatus status : statuses) {
        if (!status.message().isEmpty()
            && !status.message().equals(said.put(status.database().toString(), status.message()))) {
          say(status);
        }
      }
    }
  }

  /** A store that is away is no reason against an application whose database is here. */
  private ExitCode judge(List<ReplicationStatus> statuses) {
    for (ReplicationStatus status : statuses) {
      ExitCode code =
          switch (status.state()) {
            case REPLICATING, DEGRADED -> ExitCode.OK;
            case WAITING_FOR_DATABASE -> require ? ExitCode.NOTHING_TO_RESTORE : ExitCode.OK;
            case STARTING, REFUSED, FENCED, STOPPED -> Ending.of(List.of(status));
          };
      if (code != ExitCode.OK) {
        say(status);
        return code;
      }
    }
    return ExitCode.OK;
  }

  private void say(ReplicationStatus status) {
    terminal
        .err()
        .println("tidewal: " + (status.message().isEmpty() ? status.reason() : status.message()));
  }
}
