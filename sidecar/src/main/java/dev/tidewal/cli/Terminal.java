package dev.tidewal.cli;

import java.io.Console;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;

/**
 * What a command has around it.
 *
 * @param interactive whether a person looks at {@code err}, so that progress may be drawn there
 */
record Terminal(
    PrintStream out, PrintStream err, boolean interactive, Map<String, String> environment) {
  Terminal {
    environment = Map.copyOf(environment);
  }

  /** That of this process. The launcher knows about standard error, the JDK only about output. */
  static Terminal ofProcess() {
    String told = System.getProperty("tidewal.terminal");
    return new Terminal(
        System.out,
        System.err,
        told != null
            ? Boolean.parseBoolean(told)
            : Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent(),
        System.getenv());
  }
}
