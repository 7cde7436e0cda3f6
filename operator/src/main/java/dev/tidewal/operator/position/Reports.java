package dev.tidewal.operator.position;

import dev.tidewal.core.PositionReport;
import dev.tidewal.crds.DatabaseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What reports make of the records that are there. Pure. */
final class Reports {
  /** What a pod may make us keep: errors are cut, paths are not ours to cut. */
  private static final int LONGEST_ERROR_CHARS = 512;

  private static final int MOST_DATABASES_OF_A_POD = 1000;

  private Reports() {}

  /**
   * The records after a report: those of its pod are replaced, those of others stay.
   *
   * @param there in any order
   */
  static List<DatabaseStatus> merged(
      List<DatabaseStatus> there, String pod, PositionReport report) {
    List<DatabaseStatus> merged = new ArrayList<>(there);
    merged.removeIf(record -> record.pod().equals(pod));
    report.databases().stream()
        .limit(MOST_DATABASES_OF_A_POD)
        .map(database -> record(pod, report, database))
        .forEach(merged::add);
    return merged;
  }

  private static DatabaseStatus record(
      String pod, PositionReport report, PositionReport.Database database) {
    return new DatabaseStatus(
        database.database(),
        pod,
        report.node(),
        database.owner(),
        database.txid(),
        database.durableTxid(),
        database.lagSeconds(),
        database.lagBytes(),
        database.lastSyncTime(),
        database.lastSnapshotTime(),
        database.earliestRestorable(),
        database.latestRestorable(),
        database.state(),
        database.reason(),
        cut(database.lastError()));
  }

  private static @Nullable String cut(@Nullable String error) {
    return error == null || error.length() <= LONGEST_ERROR_CHARS
        ? error
        : error.substring(0, LONGEST_ERROR_CHARS - 3) + "...";
  }

  /** Whether the difference is worth a write at once, rather than with the next ones. */
  static boolean isUrgent(List<DatabaseStatus> before, List<DatabaseStatus> after) {
    return !states(before).equals(states(after));
  }

  private static List<String> states(List<DatabaseStatus> records) {
    return records.stream()
        .map(record ->
            record.pod()
                + " "
                + record.database()
                + " "
                + Objects.toString(record.state())
                + " "
                + Objects.toString(record.reason()))
        .sorted()
        .toList();
  }
}
