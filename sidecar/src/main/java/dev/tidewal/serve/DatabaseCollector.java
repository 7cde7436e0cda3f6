package dev.tidewal.serve;

import dev.tidewal.replicate.ReplicationStatus;
import dev.tidewal.replicate.ReplicationStatus.DestinationStatus;
import dev.tidewal.supervisor.Databases;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * The figures of every database that runs now, read from its status at each scrape: nothing is kept
 * between scrapes, so a database that left leaves no series.
 */
final class DatabaseCollector implements MultiCollector {
  private final Databases databases;

  DatabaseCollector(Databases databases) {
    this.databases = databases;
  }

  @Override
  public MetricSnapshots collect() {
    Gauges gauges = new Gauges();
    for (ReplicationStatus status : databases.statuses()) {
      collect(status, status.database().toString(), gauges);
    }
    return gauges.snapshots();
  }

  private static void collect(ReplicationStatus status, String db, Gauges gauges) {
    String state = status.state().name().toLowerCase(Locale.ROOT);
    gauges.set(Metric.STATE, 1, db, state, status.reason());
    gauges.count(Metric.LOCAL_TXID, status.local().txid().value(), db);
    gauges.count(Metric.DURABLE_TXID, status.durable().txid().value(), db);
    gauges.set(Metric.LAG_SECONDS, seconds(status.lag().age()), db);
    gauges.count(Metric.LAG_BYTES, status.lag().bytes(), db);
    status.lastSuccess().ifPresent(at -> gauges.set(Metric.LAST_SUCCESS, unixSeconds(at), db));
    status.lastSnapshot().ifPresent(at -> gauges.set(Metric.LAST_SNAPSHOT, unixSeconds(at), db));
    gauges.count(Metric.DATABASE_BYTES, status.databaseBytes(), db);
    gauges.count(Metric.WAL_BYTES, status.walBytes(), db);
    gauges.count(Metric.SPOOL_BYTES, status.spoolBytes(), db);
    gauges.count(Metric.DIAGNOSES, status.diagnoses().size(), db);
    for (DestinationStatus destination : status.destinations()) {
      gauges.count(
          Metric.DESTINATION_TXID,
          destination.durable().txid().value(),
          db,
          destination.type(),
          destination.url());
    }
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static double unixSeconds(Instant instant) {
    return instant.toEpochMilli() / 1e3;
  }
}
