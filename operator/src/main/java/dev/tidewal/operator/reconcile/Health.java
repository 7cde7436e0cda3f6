package dev.tidewal.operator.reconcile;

import dev.tidewal.crds.DatabaseStatus;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** How one database is, from the worst to the best. */
enum Health {
  FAILED,
  DEGRADED,
  STARTING,
  WELL,
  /** Its pod ended in order, and everything is durable. */
  ENDED;

  /** By the sidecar's word; one that we don't know is of a newer sidecar, and not called well. */
  static Health of(DatabaseStatus database) {
    return switch (String.valueOf(database.state())) {
      case "fenced", "refused" -> FAILED;
      // The other reason is StoppedBehind: commits may be on the volume alone.
      case "stopped" -> "Stopped".equals(database.reason()) ? ENDED : FAILED;
      case "starting", "waiting_for_database" -> STARTING;
      case "replicating" -> WELL;
      default -> DEGRADED;
    };
  }

  /** The worst first, of equals the one that is furthest behind. */
  static Comparator<DatabaseStatus> worstFirst() {
    return Comparator.comparing(Health::of)
        .thenComparingLong(database -> -orZero(database.lagSeconds()))
        .thenComparingLong(database -> -orZero(database.lagBytes()))
        .thenComparing(DatabaseStatus::pod)
        .thenComparing(DatabaseStatus::database);
  }

  private static long orZero(@Nullable Long number) {
    return number == null ? 0 : number;
  }
}
