package dev.tidewal.serve;

import dev.tidewal.replicate.ReplicationStatus;
import java.util.List;
import java.util.Optional;

/**
 * Whether traffic may come to the pod beside which we run.
 *
 * <p>A store that does not answer is no reason against it ({@code DEGRADED}), nor is a database
 * that the application has yet to create.
 */
sealed interface Readiness {
  record Ready() implements Readiness {}

  /** What stands against it, a line for each database. */
  record NotReady(List<String> reasons) implements Readiness {
    public NotReady {
      reasons = List.copyOf(reasons);
    }
  }

  static Readiness of(List<ReplicationStatus> statuses) {
    List<String> reasons =
        statuses.stream().map(Readiness::objection).flatMap(Optional::stream).toList();
    return reasons.isEmpty() ? new Ready() : new NotReady(reasons);
  }

  private static Optional<String> objection(ReplicationStatus status) {
    return switch (status.state()) {
      case WAITING_FOR_DATABASE, REPLICATING, DEGRADED -> Optional.empty();
      case STARTING, FENCED, REFUSED, STOPPED -> {
        String text = status.database() + ": " + status.reason();
        yield Optional.of(status.message().isEmpty() ? text : text + ": " + status.message());
      }
    };
  }
}
