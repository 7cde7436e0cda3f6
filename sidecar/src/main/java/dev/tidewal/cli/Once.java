package dev.tidewal.cli;

import dev.tidewal.core.ExitCode;
import dev.tidewal.core.TidewalException;
import dev.tidewal.replicate.ReplicationStatus;
import dev.tidewal.supervisor.Databases;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code replicate --once}: waits until everything that is there is durable, or can't be. */
final class Once {
  private static final Duration BRIEFLY = Duration.ofMillis(50);

  /** A store that is away may come back; a command that a person waits for gives up earlier. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Databases databases;
  private final Shutdown shutdown;
  private final Consumer<String> say;

  Once(Databases databases, Shutdown shutdown, Consumer<String> say) {
    this.databases = databases;
    this.shutdown = shutdown;
    this.say = say;
  }

  /** The exit code: that of the first database which could not be replicated. */
  int run() throws InterruptedException {
    int code = ExitCode.OK.code();
    for (ReplicationStatus first : databases.statuses()) {
      ExitCode one = replicate(first.database().toString());
      code = code == ExitCode.OK.code() ? one.code() : code;
    }
    return code;
  }

  private ExitCode replicate(String database) throws InterruptedException {
    long patientUntil = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      ReplicationStatus status = status(database);
      Optional<ExitCode> end =
          switch (status.state()) {
            case WAITING_FOR_DATABASE -> Optional.of(ExitCode.USAGE);
            case FENCED, REFUSED, STOPPED -> Optional.of(Ending.of(List.of(status)));
            case STARTING, DEGRADED -> stuck(status, patientUntil);
            case REPLICATING -> sync(database);
          };
      if (end.isPresent()) {
        if (end.get() != ExitCode.OK) {
          say.accept(status.message().isEmpty() ? status.reason() : status.message());
        }
        return end.get();
      }
      if (shutdown.await(BRIEFLY)) {
        return ExitCode.OK;
      }
    }
  }

  private ReplicationStatus status(String database) {
    return databases.statuses().stream()
        .filter(status -> status.database().toString().equals(database))
        .findFirst()
        .orElseThrow();
  }

  /** Rights don't come back by waiting; a store may. */
  private static Optional<ExitCode> stuck(ReplicationStatus status, long patientUntil) {
    ExitCode code = Ending.of(List.of(status));
    boolean hopeless = code == ExitCode.PERMISSION || code == ExitCode.USAGE;
    boolean waitedEnough = System.nanoTime() - patientUntil > 0 && code != ExitCode.REFUSED;
    return hopeless || waitedEnough ? Optional.of(code) : Optional.empty();
  }

  private Optional<ExitCode> sync(String database) {
    try {
      databases.sync(database, Duration.ofSeconds(1));
      return Optional.of(ExitCode.OK);
    } catch (TidewalException.StoreUnreachable notYet) {
      return Optional.empty();
    } catch (TidewalException.Fenced fenced) {
      return Optional.of(ExitCode.FENCED);
    }
  }
}
