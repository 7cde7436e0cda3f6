package dev.tidewal.serve;

import dev.tidewal.replicate.ReplicationEvents;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Set;

/**
 * Counts and times what the engine tells, and writes everything that is measured as Prometheus
 * text.
 *
 * <p>Histograms have fixed buckets and no {@code db} label: a thousand databases cost no more than
 * one. Thread-safe.
 */
public final class EngineMetrics implements ReplicationEvents {
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  /** Fine where a commit on a local store or a seal falls, coarse where a person waits. */
  private static final Duration[] MILLISECONDS_TO_MINUTES =
      millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 60_000);

  private static final Duration[] SECONDS_TO_HOURS =
      millis(10, 100, 1_000, 5_000, 15_000, 60_000, 300_000, 1_800_000, 7_200_000);

  private final PrometheusRegistry prometheus = new PrometheusRegistry();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, prometheus, Clock.SYSTEM);

  public EngineMetrics() {
    prometheus.register(new ProcessCollector());
    timer(Metric.COMMIT_TO_DURABLE, MILLISECONDS_TO_MINUTES);
    timer(Metric.STALL, MILLISECONDS_TO_MINUTES);
  }

  /** Adds figures that are read when they are scraped. */
  void add(MultiCollector collector) {
    prometheus.register(collector);
  }

  /** All metrics, in the content type that {@link #contentType} chose. */
  String scrape(String contentType) {
    return registry.scrape(contentType);
  }

  /** OpenMetrics for a scraper that accepts it, else the older Prometheus text. */
  static String contentType(String accept) {
    return accept.contains("application/openmetrics-text") ? OPEN_METRICS : PROMETHEUS_TEXT;
  }

  /** Forgets the counters of databases that no longer run. */
  void retainDatabases(Set<String> databases) {
    for (Meter meter : registry.getMeters()) {
      String database = meter.getId().getTag("db");
      if (database != null && !databases.contains(database)) {
        registry.remove(meter);
      }
    }
  }

  @Override
  public void acknowledged(String database, long bytes, long pages, Duration commitToDurable) {
    counter(Metric.ACKNOWLEDGED_OBJECTS, "db", database).increment();
    counter(Metric.ACKNOWLEDGED_BYTES, "db", database).increment((double) bytes);
    counter(Metric.ACKNOWLEDGED_PAGES, "db", database).increment((double) pages);
    timer(Metric.COMMIT_TO_DURABLE, MILLISECONDS_TO_MINUTES).record(commitToDurable);
  }

  @Override
  public void request(String type, String operation, String code, Duration took, long bytes) {
    counter(Metric.STORE_REQUESTS, "type", type, "operation", operation, "code", code).increment();
    counter(Metric.STORE_REQUEST_BYTES, "type", type, "operation", operation)
        .increment((double) bytes);
    timer(
            Metric.STORE_REQUEST_SECONDS,
            MILLISECONDS_TO_MINUTES,
            "type",
            type,
            "operation",
            operation)
        .record(took);
  }

  @Override
  public void sealed(String database, Duration lockHeld) {
    boolean locked = lockHeld.isPositive();
    counter(Metric.SEALS, "lock", locked ? "held" : "none").increment();
    if (locked) {
      timer(Metric.STALL, MILLISECONDS_TO_MINUTES).record(lockHeld);
    }
  }

  @Override
  public void compacted(String database, int level, int inputs, long bytes, Duration took) {
    String label = Integer.toString(level);
    counter(Metric.COMPACTION_INPUTS, "level", label).increment(inputs);
    counter(Metric.COMPACTION_BYTES, "level", label).increment((double) bytes);
    timer(Metric.COMPACTION_SECONDS, SECONDS_TO_HOURS, "level", label).record(took);
  }

  @Override
  public void restored(String database, int objects, long bytes, Duration took) {
    counter(Metric.RESTORE_OBJECTS).increment(objects);
    counter(Metric.RESTORE_BYTES).increment((double) bytes);
    timer(Metric.RESTORE_SECONDS, SECONDS_TO_HOURS).record(took);
  }

  private Counter counter(Metric metric, String... tags) {
    return Counter.builder(metric.metricName())
        .description(metric.help())
        .tags(tags)
        .register(registry);
  }

  private Timer timer(Metric metric, Duration[] buckets, String... tags) {
    return Timer.builder(metric.metricName())
        .description(metric.help())
        .serviceLevelObjectives(buckets)
        .tags(tags)
        .register(registry);
  }

  private static Duration[] millis(long... bounds) {
    Duration[] durations = new Duration[bounds.length];
    for (int i = 0; i < bounds.length; i++) {
      durations[i] = Duration.ofMillis(bounds[i]);
    }
    return durations;
  }
}
