package dev.tidewal.crash;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Java process of the test's own class path that can be killed with SIGKILL, stopped and started
 * again.
 */
final class Victim {
  private final String name;
  private final Path log;
  private final List<String> command;
  private Process process;

  private Victim(String name, Path log, List<String> command, Process process) {
    this.name = name;
    this.log = log;
    this.command = command;
    this.process = process;
  }

  static Victim start(
      String name, Path directory, String mainClass, List<String> jvm, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    command.addAll(arguments);
    Path log = directory.resolve(name + ".log");
    return new Victim(name, log, command, launch(command, log));
  }

  private static Process launch(List<String> command, Path log) throws IOException {
    File file = log.toFile();
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(file))
        .start();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  void restart(String... lastArguments) throws IOException {
    kill();
    List<String> again = new ArrayList<>(command);
    for (int i = 0; i < lastArguments.length; i++) {
      again.set(again.size() - lastArguments.length + i, lastArguments[i]);
    }
    process = launch(again, log);
  }

  /** SIGKILL, at once and without a chance to clean up. */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** SIGTERM, and the exit code. */
  int terminate() throws InterruptedException, IOException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError(name + " does not end within 60 s of SIGTERM\n" + tail());
    }
    return process.exitValue();
  }

  String tail() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return name
        + ":\n  "
        + String.join("\n  ", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
  }
}
