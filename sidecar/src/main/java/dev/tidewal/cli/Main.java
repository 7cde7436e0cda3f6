package dev.tidewal.cli;

import java.util.List;

/** The process {@code tidewal}. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    // Before the first logger: the JDK's own log manager falls silent as soon as a signal arrives.
    System.setProperty("java.util.logging.manager", LastingLogManager.class.getName());
    // SLF4J would search every jar for what we know, and say so.
    System.setProperty("slf4j.provider", "org.slf4j.jul.JULServiceProvider");
    System.setProperty("slf4j.internal.verbosity", "WARN");
    int code = new Tidewal(Terminal.ofProcess()).run(List.of(args));
    System.exit(code);
  }
}
