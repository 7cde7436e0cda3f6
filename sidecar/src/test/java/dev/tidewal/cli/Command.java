package dev.tidewal.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A command line in this process, with what it wrote. */
final class Command {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> environment = new HashMap<>();

  Command with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Runs {@code tidewal arguments...}; what earlier runs wrote is forgotten. */
  int run(String... arguments) {
    out.reset();
    err.reset();
    Terminal terminal = new Terminal(stream(out), stream(err), false, environment);
    return new Tidewal(terminal).run(List.of(arguments));
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
