package dev.tidewal.serve;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * This process, under the names that Prometheus' own clients use; read from {@code /proc} because
 * the management classes of the JDK would cost more memory than they report.
 */
final class ProcessCollector implements MultiCollector {
  private static final Path SELF = Path.of("/proc/self");

  @Override
  public MetricSnapshots collect() {
    Gauges gauges = new Gauges();
    gauges.set(Metric.BUILD, 1, Version.tidewal(), Version.java());
    ProcessHandle.Info info = ProcessHandle.current().info();
    info.totalCpuDuration().ifPresent(cpu -> gauges.set(Metric.PROCESS_CPU, cpu.toNanos() / 1e9));
    info.startInstant()
        .ifPresent(start -> gauges.set(Metric.PROCESS_START, start.toEpochMilli() / 1e3));
    try {
      gauges.set(Metric.PROCESS_RSS, residentBytes());
      gauges.set(Metric.PROCESS_FDS, openFiles());
    } catch (IOException noProc) {
      // /proc is hidden or absent: these two are left out.
    }
    return gauges.snapshots();
  }

  private static double residentBytes() throws IOException {
    for (String line : Files.readAllLines(SELF.resolve("status"))) {
      if (line.startsWith("VmRSS:")) {
        return 1024.0 * Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("/proc/self/status has no VmRSS");
  }

  private static int openFiles() throws IOException {
    int count = 0;
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(SELF.resolve("fd"))) {
      for (Path ignored : descriptors) {
        count++;
      }
    }
    return count;
  }
}
