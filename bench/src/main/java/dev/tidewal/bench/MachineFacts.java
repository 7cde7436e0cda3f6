package dev.tidewal.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What figures depend on: processor, memory, kernel, Java, and how busy the machine is. */
record MachineFacts(
    String processor, int cores, long memoryMebibytes, String kernel, String java, String load) {

  static MachineFacts read() throws IOException {
    return new MachineFacts(
        value("/proc/cpuinfo", "model name"),
        Runtime.getRuntime().availableProcessors(),
        Long.parseLong(value("/proc/meminfo", "MemTotal").replaceAll("[^0-9]", "")) / 1024,
        Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(),
        System.getProperty("java.vendor.version", "") + " " + Runtime.version(),
        currentLoad());
  }

  /** Load average of one, five and fifteen minutes. */
  static String currentLoad() throws IOException {
    String[] fields = Files.readString(Path.of("/proc/loadavg")).split(" ", -1);
    return String.join(" ", fields[0], fields[1], fields[2]);
  }

  String markdown() {
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %d MiB of memory, Linux %s, Java %s, load average at the start %s",
        processor,
        cores,
        memoryMebibytes,
        kernel,
        java.strip(),
        load);
  }

  private static String value(String file, String key) throws IOException {
    return Files.readAllLines(Path.of(file)).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown processor");
  }
}
