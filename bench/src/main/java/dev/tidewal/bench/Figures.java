package dev.tidewal.bench;

import java.util.List;
import java.util.Locale;

/** Percentiles of a sample, in milliseconds. */
record Figures(double p50, double p99, double max, int count) {
  static Figures ofNanos(List<Long> nanos) {
    if (nanos.isEmpty()) {
      return new Figures(Double.NaN, Double.NaN, Double.NaN, 0);
    }
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    return new Figures(
        at(sorted, 0.50), at(sorted, 0.99), sorted[sorted.length - 1] / 1e6, sorted.length);
  }

  private static double at(long[] sorted, double share) {
    return sorted[(int) Math.min(sorted.length - 1L, Math.round(share * (sorted.length - 1)))]
        / 1e6;
  }

  /** {@code p50 / p99}. */
  String text() {
    return String.format(Locale.ROOT, "%.1f / %.1f ms", p50, p99);
  }
}
