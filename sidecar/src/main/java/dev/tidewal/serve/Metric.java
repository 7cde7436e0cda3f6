package dev.tidewal.serve;

import java.util.List;

/**
 * Every metric of {@code /metrics}, in the order of {@code docs/operations.md}, which is generated
 * from here.
 *
 * <p>Labels are bounded: {@code db} by the databases that run now, {@code destination} by their
 * configuration, all others by short fixed vocabularies.
 */
public enum Metric {
  STATE(
      Kind.GAUGE,
      "tidewal_state",
      "1 for the state that the database is in; reason is the word that /status shows",
      "db",
      "state",
      "reason"),
  LOCAL_TXID(
      Kind.GAUGE,
      "tidewal_local_txid",
      "TXID that the replica will be at when everything captured is durable",
      "db"),
  DURABLE_TXID(
      Kind.GAUGE,
      "tidewal_durable_txid",
      "last TXID that the first destination acknowledged",
      "db"),
  LAG_SECONDS(
      Kind.GAUGE,
      "tidewal_lag_seconds",
      "how long the oldest commit that is not durable has waited; 0 when all is durable",
      "db"),
  LAG_BYTES(Kind.GAUGE, "tidewal_lag_bytes", "WAL bytes committed and not yet durable", "db"),
  LAST_SUCCESS(
      Kind.GAUGE,
      "tidewal_last_success_timestamp_seconds",
      "when the store last acknowledged an object or confirmed that nothing is missing (Unix time)",
      "db"),
  LAST_SNAPSHOT(
      Kind.GAUGE,
      "tidewal_last_snapshot_timestamp_seconds",
      "when the newest snapshot was published (Unix time)",
      "db"),
  DATABASE_BYTES(Kind.GAUGE, "tidewal_database_bytes", "size of the database file", "db"),
  WAL_BYTES(Kind.GAUGE, "tidewal_wal_bytes", "size of the WAL file", "db"),
  SPOOL_BYTES(
      Kind.GAUGE, "tidewal_spool_bytes", "bytes that wait on local disk for the store", "db"),
  DIAGNOSES(
      Kind.GAUGE,
      "tidewal_diagnoses",
      "findings about the application; /status has each with its cure",
      "db"),
  DESTINATION_TXID(
      Kind.GAUGE,
      "tidewal_destination_durable_txid",
      "last TXID that each destination acknowledged",
      "db",
      "type",
      "destination"),
  ACKNOWLEDGED_OBJECTS(
      Kind.COUNTER,
      "tidewal_acknowledged_objects_total",
      "L0 objects that the store acknowledged",
      "db"),
  ACKNOWLEDGED_BYTES(
      Kind.COUNTER,
      "tidewal_acknowledged_bytes_total",
      "bytes of the acknowledged L0 objects",
      "db"),
  ACKNOWLEDGED_PAGES(
      Kind.COUNTER,
      "tidewal_acknowledged_pages_total",
      "database pages in the acknowledged L0 objects",
      "db"),
  COMMIT_TO_DURABLE(
      Kind.HISTOGRAM,
      "tidewal_commit_to_durable_seconds",
      "from the oldest commit of an object to its acknowledgement"),
  SEALS(
      Kind.COUNTER,
      "tidewal_seals_total",
      "seals of the WAL, by whether the write lock was held for one",
      "lock"),
  STALL(
      Kind.HISTOGRAM,
      "tidewal_stall_seconds",
      "how long a seal held the write lock, during which the application's writers waited"),
  STORE_REQUESTS(
      Kind.COUNTER,
      "tidewal_store_requests_total",
      "requests to the store, by outcome: ok or the class of the error",
      "type",
      "operation",
      "code"),
  STORE_REQUEST_BYTES(
      Kind.COUNTER,
      "tidewal_store_request_bytes_total",
      "bytes carried by requests to the store, either way",
      "type",
      "operation"),
  STORE_REQUEST_SECONDS(
      Kind.HISTOGRAM,
      "tidewal_store_request_seconds",
      "duration of requests to the store, failed ones too",
      "type",
      "operation"),
  COMPACTION_SECONDS(
      Kind.HISTOGRAM,
      "tidewal_compaction_seconds",
      "duration of compactions (level 1 to 3), snapshots (9) and retention runs (0)",
      "level"),
  COMPACTION_INPUTS(
      Kind.COUNTER,
      "tidewal_compaction_inputs_total",
      "objects read by compactions, or deleted by retention",
      "level"),
  COMPACTION_BYTES(
      Kind.COUNTER,
      "tidewal_compaction_bytes_total",
      "bytes written by compactions and snapshots",
      "level"),
  RESTORE_SECONDS(
      Kind.HISTOGRAM, "tidewal_restore_seconds", "duration of restores made by this process"),
  RESTORE_OBJECTS(Kind.COUNTER, "tidewal_restore_objects_total", "objects read by restores"),
  RESTORE_BYTES(Kind.COUNTER, "tidewal_restore_bytes_total", "bytes of the restored databases"),
  BUILD(Kind.GAUGE, "tidewal_build", "1; the version that runs", "version", "java"),
  PROCESS_RSS(Kind.GAUGE, "process_resident_memory_bytes", "resident memory of this process"),
  PROCESS_CPU(
      Kind.COUNTER, "process_cpu_seconds_total", "user and system CPU time of this process"),
  PROCESS_FDS(Kind.GAUGE, "process_open_fds", "open file descriptors of this process"),
  PROCESS_START(Kind.GAUGE, "process_start_time_seconds", "when this process started (Unix time)");

  private final Kind kind;
  private final String metricName;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> labels;

  Metric(Kind kind, String metricName, String help, String... labels) {
    this.kind = kind;
    this.metricName = metricName;
    this.help = help;
    this.labels = List.of(labels);
  }

  public Kind kind() {
    return kind;
  }

  /** The name as it is scraped; a histogram adds {@code _bucket}, {@code _sum}, {@code _count}. */
  public String metricName() {
    return metricName;
  }

  public String help() {
    return help;
  }

  public List<String> labels() {
    return labels;
  }

  /** The table of {@code docs/operations.md}. */
  public static String markdownTable() {
    StringBuilder table =
        new StringBuilder("| metric | kind | labels | meaning |\n|---|---|---|---|\n");
    for (Metric metric : values()) {
      table
          .append("| `")
          .append(metric.metricName)
          .append("` | ")
          .append(metric.kind.word)
          .append(" | ")
          .append(String.join(", ", metric.labels))
          .append(" | ")
          .append(metric.help)
          .append(" |\n");
    }
    return table.toString();
  }

  /** Prometheus' kinds. */
  public enum Kind {
    COUNTER("counter"),
    GAUGE("gauge"),
    HISTOGRAM("histogram");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }
}
