package dev.tidewal.operator.position;

import dev.tidewal.core.PositionReport;
import dev.tidewal.crds.DatabaseStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What reports make of the records that are there. Pure.
 *
 * <p>Records are in the order in which their pods spoke last.
 */
final class Reports {
  // What a pod may make us keep.
  private static final int LONGEST_ERROR_CHARS = 512;
  private static final int LONGEST_PATH_CHARS = 1024;
  private static final int LONGEST_WORD_CHARS = 253;
  private static final int MOST_DATABASES_OF_A_POD = 1000;

  /** Of pods that are gone: each rollout leaves one behind. */
  static final int MOST_STOPPED = 20;

  private Reports() {}

  /** The records after reports, by pod. */
  static List<DatabaseStatus> merged(
      List<DatabaseStatus> there, Map<String, PositionReport> reports) {
    List<DatabaseStatus> merged = there;
    for (Map.Entry<String, PositionReport> report : reports.entrySet()) {
      merged = merged(merged, report.getKey(), report.getValue());
    }
    return merged;
  }

  /** The records after a report: those of its pod are replaced, those of others stay. */
  static List<DatabaseStatus> merged(
      List<DatabaseStatus> there, String pod, PositionReport report) {
    Map<String, DatabaseStatus> ofPod = new LinkedHashMap<>();
    for (PositionReport.Database database : report.databases()) {
      DatabaseStatus record = record(pod, report, database);
      if (!database.database().isEmpty()
          && (ofPod.size() < MOST_DATABASES_OF_A_POD || ofPod.containsKey(record.database()))) {
        ofPod.put(record.database(), record);
      }
    }
    List<DatabaseStatus> merged = new ArrayList<>(there);
    merged.removeIf(record -> record.pod().equals(pod));
    merged.addAll(ofPod.values());
    return merged;
  }

  /**
   * Of reports that waited long, those that nothing newer was said after: their pods may have
   * spoken to another replica of the operator meanwhile.
   */
  static Map<String, PositionReport> withoutOutdated(
      List<DatabaseStatus> there, Map<String, PositionReport> reports) {
    Map<String, PositionReport> news = new LinkedHashMap<>(reports);
    news.entrySet()
        .removeIf(report ->
            lastSync(merged(List.of(), report.getKey(), report.getValue()))
                    .compareTo(
                        lastSync(
                            there.stream().filter(r -> r.pod().equals(report.getKey())).toList()))
                < 0);
    return news;
  }

  /** RFC 3339 in UTC, which sorts by time; empty: never. */
  private static String lastSync(List<DatabaseStatus> records) {
    return records.stream()
        .map(DatabaseStatus::lastSyncTime)
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder())
        .orElse("");
  }

  private static DatabaseStatus record(
      String pod, PositionReport report, PositionReport.Database database) {
    return new DatabaseStatus(
        String.valueOf(cut(database.database(), LONGEST_PATH_CHARS)),
        pod,
        word(report.node()),
        word(database.owner()),
        word(database.txid()),
        word(database.durableTxid()),
        database.lagSeconds(),
        database.lagBytes(),
        word(database.lastSyncTime()),
        word(database.lastSnapshotTime()),
        word(database.earliestRestorable()),
        word(database.latestRestorable()),
        word(database.state()),
        word(database.reason()),
        cut(database.lastError(), LONGEST_ERROR_CHARS));
  }

  private static @Nullable String word(@Nullable String text) {
    return cut(text, LONGEST_WORD_CHARS);
  }

  /** Empty texts do not come back from the API server, so they are none from the start. */
  private static @Nullable String cut(@Nullable String text, int longest) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    return text.length() <= longest ? text : text.substring(0, longest - 3) + "...";
  }

  /**
   * Without the oldest of those that stopped.
   *
   * @param speaking pods whose records stay in any case
   */
  static List<DatabaseStatus> withoutOldest(List<DatabaseStatus> records, Set<String> speaking) {
    List<DatabaseStatus> stopped =
        records.stream()
            .filter(record -> isStopped(record) && !speaking.contains(record.pod()))
            .toList();
    Set<DatabaseStatus> surplus =
        Set.copyOf(stopped.subList(0, Math.max(0, stopped.size() - MOST_STOPPED)));
    return records.stream().filter(record -> !surplus.contains(record)).toList();
  }

  /** Without those of pods that went without a last word. */
  static List<DatabaseStatus> withoutGone(List<DatabaseStatus> records, Set<String> living) {
    return records.stream()
        .filter(record -> isStopped(record) || living.contains(record.pod()))
        .toList();
  }

  static Set<String> pods(List<DatabaseStatus> records) {
    return records.stream().map(DatabaseStatus::pod).collect(Collectors.toSet());
  }

  private static boolean isStopped(DatabaseStatus record) {
    return "stopped".equals(record.state());
  }

  /** Whether they say the same, in any order. */
  static boolean areSame(List<DatabaseStatus> some, List<DatabaseStatus> others) {
    return new HashSet<>(some).equals(new HashSet<>(others));
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
