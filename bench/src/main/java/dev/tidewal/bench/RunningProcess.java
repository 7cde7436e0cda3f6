package dev.tidewal.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A process whose CPU time and memory are read from /proc. */
final class RunningProcess implements AutoCloseable {
  private static final long TICKS_PER_SECOND = 100;

  private final Process process;

  RunningProcess(Process process) {
    this.process = process;
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** User and system time so far; what ended children used is not in it. */
  double cpuSeconds() throws IOException {
    String stat = Files.readString(proc("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / (double) TICKS_PER_SECOND;
  }

  /** Resident memory now, MiB. */
  double rssMebibytes() throws IOException {
    return status("VmRSS:") / 1024.0;
  }

  /** Highest resident memory since {@link #resetPeak}, MiB. */
  double peakRssMebibytes() throws IOException {
    return status("VmHWM:") / 1024.0;
  }

  void resetPeak() throws IOException {
    Files.writeString(proc("clear_refs"), "5");
  }

  /** Waits for the end and returns the exit code and what it used, sampled while it ran. */
  Usage await(Duration limit) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    double cpu = 0;
    double peak = 0;
    while (!process.waitFor(10, TimeUnit.MILLISECONDS)) {
      if (System.nanoTime() > deadline) {
        process.destroyForcibly();
        throw new IOException("not done after " + limit);
      }
      try {
        cpu = Math.max(cpu, cpuSeconds());
        peak = Math.max(peak, peakRssMebibytes()); // one that just ended tells 0
      } catch (NoSuchFileException e) {
        break; // it just ended
      }
    }
    return new Usage(process.waitFor(), cpu, peak);
  }

  /** What a finished process used. */
  record Usage(int exitCode, double cpuSeconds, double peakRssMebibytes) {}

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().completeOnTimeout(process, 30, TimeUnit.SECONDS).join();
    kill();
  }

  private long status(String key) throws IOException {
    return Files.readAllLines(proc("status")).stream()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(process.pid()), file);
  }
}
