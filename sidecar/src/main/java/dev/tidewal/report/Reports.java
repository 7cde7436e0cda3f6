package dev.tidewal.report;

import dev.tidewal.core.Position;
import dev.tidewal.core.PositionReport;
import dev.tidewal.replicate.ReplicationStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reports from statuses, and which of them are worth telling. Pure. */
final class Reports {
  private static final Duration STEADY = Duration.ofSeconds(10);

  private Reports() {}

  static PositionReport of(
      OperatorAddress operator, List<ReplicationStatus> statuses, boolean isFinal) {
    return new PositionReport(
        PositionReport.VERSION,
        operator.replication(),
        operator.node().orElse(null),
        isFinal,
        statuses.stream().map(Reports::database).toList());
  }

  private static PositionReport.Database database(ReplicationStatus status) {
    return new PositionReport.Database(
        status.database().toString(),
        status.owner().orElse(null),
        txid(status.local()),
        txid(status.durable()),
        status.lag().age().toSeconds(),
        status.lag().bytes(),
        time(status.lastSuccess()),
        time(status.lastSnapshot()),
        null,
        null,
        status.state().name().toLowerCase(Locale.ROOT),
        status.reason(),
        status.lastError().orElse(status.message().isEmpty() ? null : status.message()));
  }

  private static @Nullable String txid(Position position) {
    return position.isNone() ? null : position.txid().toString();
  }

  private static @Nullable String time(Optional<Instant> instant) {
    return instant.map(i -> i.truncatedTo(ChronoUnit.SECONDS).toString()).orElse(null);
  }

  /**
   * Whether to send now.
   *
   * @param last what the operator has; null: nothing yet
   * @param age how long ago it got that
   */
  static boolean isDue(@Nullable PositionReport last, PositionReport next, Duration age) {
    if (last == null || next.isFinal() || !states(last).equals(states(next))) {
      return true;
    }
    return !last.equals(next) && age.compareTo(STEADY) >= 0;
  }

  private static List<String> states(PositionReport report) {
    return report.databases().stream()
        .map(database -> database.database() + " " + database.state() + " " + database.reason())
        .toList();
  }
}
