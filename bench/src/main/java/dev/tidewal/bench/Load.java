package dev.tidewal.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a load gave.
 *
 * @param visible from a commit's return to the appearance of the file that holds it
 * @param commit how long the application's commits took
 * @param requests to the store, by operation
 * @param cpuSeconds of the replicator, until 2.5 s after the load
 */
record Load(
    Figures visible,
    Figures commit,
    Map<String, Integer> requests,
    double seconds,
    double cpuSeconds,
    double peakRssMebibytes,
    long walBytes) {

  double putsAMinute() {
    return requests.getOrDefault("PUT", 0) * 60 / seconds;
  }

  double cpuSecondsAGigabyte() {
    return cpuSeconds / (walBytes / 1e9);
  }

  /** Latency, and requests where the store counts them. */
  String visibleText() {
    String seen =
        visible.count() == commit.count()
            ? ""
            : String.format(Locale.ROOT, " (%d of %d seen)", visible.count(), commit.count());
    String puts =
        requests.isEmpty() ? "" : String.format(Locale.ROOT, ", %.0f PUT/min", putsAMinute());
    return visible.text() + seen + puts;
  }

  String cpuText() {
    return String.format(Locale.ROOT, "%.1f s/GB", cpuSecondsAGigabyte());
  }

  String memoryText() {
    return String.format(Locale.ROOT, "%.0f MiB", peakRssMebibytes);
  }

  String worstText() {
    return String.format(Locale.ROOT, "%.0f ms", commit.max());
  }

  static Figures commitFigures(List<Writer.Commit> commits) {
    return Figures.ofNanos(commits.stream().map(Writer.Commit::tookNanos).toList());
  }

  /** Bytes of WAL that the commits wrote, but for the first. */
  static long walBytes(List<Writer.Commit> commits) {
    long bytes = 0;
    for (int i = 1; i < commits.size(); i++) {
      boolean sameWal = commits.get(i).salt() == commits.get(i - 1).salt();
      bytes += commits.get(i).walEnd() - (sameWal ? commits.get(i - 1).walEnd() : 32);
    }
    return bytes;
  }
}
