package dev.tidewal.cli;

import dev.tidewal.config.Configuration;
import dev.tidewal.config.DatabaseConfig;
import dev.tidewal.config.ListenAddress;
import dev.tidewal.core.ExitCode;
import dev.tidewal.core.TidewalException;
import dev.tidewal.replicate.ReplicationState;
import dev.tidewal.replicate.ReplicationStatus;
import dev.tidewal.report.OperatorAddress;
import dev.tidewal.report.PositionReporter;
import dev.tidewal.serve.EngineMetrics;
import dev.tidewal.serve.StatusServer;
import dev.tidewal.state.StateDirectory;
import dev.tidewal.supervisor.Databases;
import dev.tidewal.supervisor.Supervisor;
import dev.tidewal.supervisor.Supervisor.Circumstances;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The sidecar as a process: databases, HTTP server, the command beside, and the end of them all, in
 * this order: the command, a final sync, the server.
 */
final class Service {
  private static final Logger LOG = System.getLogger(Service.class.getName());
  private static final Duration BRIEFLY = Duration.ofMillis(50);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration LAST_MOMENTS = Duration.ofSeconds(20);

  private final Configuration configuration;
  private final Circumstances circumstances;
  private final Terminal terminal;

  Service(Configuration configuration, Circumstances circumstances, Terminal terminal) {
    this.configuration = configuration;
    this.circumstances = circumstances;
    this.terminal = terminal;
  }

  /**
   * Runs until a signal, the end of the command beside, or until no database goes on.
   *
   * @param once end when everything that is there now is durable
   * @return the exit code
   */
  int run(boolean once) throws IOException, InterruptedException {
    EngineMetrics metrics = new EngineMetrics();
    try (Shutdown shutdown = Shutdown.listen(configuration.shutdownTimeout().plus(LAST_MOMENTS));
        Supervisor supervisor = Supervisor.start(configuration, circumstances, metrics)) {
      Optional<StatusServer> server = once ? Optional.empty() : serve(supervisor, metrics);
      Optional<PositionReporter> reporter = report(supervisor);
      int code;
      try {
        code =
            once ? new Once(supervisor, shutdown, this::say).run() : follow(supervisor, shutdown);
        supervisor.stop();
      } finally {
        reporter.ifPresent(PositionReporter::close);
        server.ifPresent(StatusServer::close);
      }
      if (code == ExitCode.OK.code()) {
        code = Ending.of(supervisor.statuses()).code();
      }
      shutdown.finished(code);
      return code;
    }
  }

  private Optional<PositionReporter> report(Databases databases) {
    return OperatorAddress.of(terminal.environment())
        .map(operator -> PositionReporter.start(operator, databases));
  }

  private Optional<StatusServer> serve(Databases databases, EngineMetrics metrics)
      throws IOException {
    ListenAddress address = configuration.addr();
    if (address.isOff()) {
      return Optional.empty();
    }
    InetSocketAddress socket =
        address.host().isEmpty()
            ? new InetSocketAddress(address.port())
            : new InetSocketAddress(address.host(), address.port());
    try {
      return Optional.of(StatusServer.start(socket, databases, metrics));
    } catch (BindException taken) {
      if (!address.equals(ListenAddress.DEFAULT)) {
        throw new TidewalException.Usage(
            "addr " + address + ": " + taken.getMessage() + "; choose another, or `off`", taken);
      }
      LOG.log(
          Level.WARNING,
          "{0} is taken, so there are no metrics, status and sync: choose one with --addr",
          address);
      return Optional.empty();
    }
  }

  private int follow(Supervisor supervisor, Shutdown shutdown)
      throws IOException, InterruptedException {
    if (configuration.exec().isPresent()) {
      boolean asked = awaitStarts(supervisor, shutdown);
      supervisor.applicationStarts();
      // A start that was decided for a stopped application ends before this one runs.
      if (asked || awaitStarts(supervisor, shutdown)) {
        return ExitCode.OK.code();
      }
      for (ReplicationStatus status : supervisor.statuses()) {
        if (isMissingForGood(status)) {
          say("the command is not started: " + status.database() + " could not be restored");
          return giveUp(supervisor.statuses());
        }
      }
    }
    Optional<Process> beside =
        configuration.exec().isPresent() && !supervisor.isOver()
            ? Optional.of(start(configuration.exec().get(), shutdown))
            : Optional.empty();
    try {
      while (!shutdown.await(LOOK)) {
        if (supervisor.isOver() && beside.isEmpty()) {
          return giveUp(supervisor.statuses());
        }
      }
      return beside.filter(process -> !process.isAlive()).map(Process::exitValue).orElse(0);
    } finally {
      if (beside.isPresent()) {
        end(beside.get());
      }
    }
  }

  /** Whether an end was asked for meanwhile. */
  private static boolean awaitStarts(Supervisor supervisor, Shutdown shutdown)
      throws InterruptedException {
    while (isStarting(supervisor)) {
      if (shutdown.await(BRIEFLY)) {
        return true;
      }
    }
    return false;
  }

  /** The command starts when every database is there, or is to be made by the command. */
  private static boolean isStarting(Supervisor supervisor) {
    return supervisor.statuses().stream()
        .anyMatch(status -> status.state() == ReplicationState.STARTING);
  }

  /** No command begins with an empty file, or an old one, where a restore was refused. */
  private boolean isMissingForGood(ReplicationStatus status) throws IOException {
    return switch (status.state()) {
      case REFUSED, FENCED -> {
        Path file = status.database();
        Optional<Path> states = configuration.find(file).flatMap(DatabaseConfig::stateDirectory);
        yield file.toFile().length() == 0
            || StateDirectory.peekRestoring(StateDirectory.locate(file, states));
      }
      case WAITING_FOR_DATABASE, STARTING, REPLICATING, DEGRADED, STOPPED -> false;
    };
  }

  private Process start(String command, Shutdown shutdown) throws IOException {
    Process process = new ProcessBuilder(ShellWords.split(command)).inheritIO().start();
    LOG.log(Level.INFO, "started {0} (pid {1,number,#})", command, process.pid());
    var _ = process.onExit().thenRun(shutdown::ask);
    return process;
  }

  private static void end(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(LAST_MOMENTS.toSeconds(), TimeUnit.SECONDS)) {
      LOG.log(Level.WARNING, "the command did not end when it was asked to; it is killed");
      process.destroyForcibly().waitFor();
    }
  }

  private int giveUp(List<ReplicationStatus> statuses) {
    statuses.stream()
        .map(ReplicationStatus::message)
        .filter(message -> !message.isEmpty())
        .forEach(this::say);
    return Ending.of(statuses).code();
  }

  private void say(String message) {
    terminal.err().println("tidewal: " + message);
  }
}
