package dev.tidewal.serve;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The values of one scrape, collected metric by metric. One thread. */
final class Gauges {
  private final Map<Metric, List<Sample>> samples = new EnumMap<>(Metric.class);

  void set(Metric metric, double value, String... labelValues) {
    Labels labels = Labels.of(metric.labels(), List.of(labelValues));
    samples.computeIfAbsent(metric, m -> new ArrayList<>()).add(new Sample(labels, value));
  }

  /** A whole number; exact up to 2^53, as everything in Prometheus. */
  void count(Metric metric, long value, String... labelValues) {
    set(metric, (double) value, labelValues);
  }

  MetricSnapshots snapshots() {
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    samples.forEach((metric, points) -> all.metricSnapshot(snapshot(metric, points)));
    return all.build();
  }

  private static MetricSnapshot snapshot(Metric metric, List<Sample> points) {
    return switch (metric.kind()) {
      case GAUGE -> gauge(metric, points);
      case COUNTER -> counter(metric, points);
      case HISTOGRAM -> throw new IllegalArgumentException(metric + " is not a single value");
    };
  }

  private static MetricSnapshot gauge(Metric metric, List<Sample> points) {
    GaugeSnapshot.Builder gauge =
        GaugeSnapshot.builder().name(metric.metricName()).help(metric.help());
    points.forEach(p -> gauge.dataPoint(new GaugeDataPointSnapshot(p.value, p.labels, null)));
    return gauge.build();
  }

  private static MetricSnapshot counter(Metric metric, List<Sample> points) {
    // The exposition writes the suffix _total itself.
    String name = metric.metricName().replaceFirst("_total$", "");
    CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(metric.help());
    points.forEach(
        p -> counter.dataPoint(new CounterDataPointSnapshot(p.value, p.labels, null, 0)));
    return counter.build();
  }

  private record Sample(Labels labels, double value) {}
}
