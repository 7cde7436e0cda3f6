package dev.tidewal.cli;

import java.time.Duration;
import java.util.Locale;

/** Sizes and times for people's eyes; JSON has the exact ones. */
final class Figures {
  private static final String[] STEPS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Figures() {}

  /** {@code 512 B}, {@code 1.4 MiB}. */
  static String bytes(long bytes) {
    double value = bytes;
    int step = 0;
    while (value >= 1024 && step < STEPS.length - 1) {
      value /= 1024;
      step++;
    }
    return String.format(Locale.ROOT, step == 0 ? "%.0f %s" : "%.1f %s", value, STEPS[step]);
  }

  /** {@code 8 ms}, {@code 1.5 s}, {@code 2m05s}, {@code 3h20m}, {@code 5d02h}. */
  static String time(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }
    if (duration.toHours() == 0) {
      return String.format(Locale.ROOT, "%dm%02ds", duration.toMinutes(), duration.toSecondsPart());
    }
    return duration.toDays() == 0
        ? String.format(Locale.ROOT, "%dh%02dm", duration.toHours(), duration.toMinutesPart())
        : String.format(Locale.ROOT, "%dd%02dh", duration.toDays(), duration.toHoursPart());
  }
}
