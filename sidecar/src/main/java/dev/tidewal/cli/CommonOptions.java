package dev.tidewal.cli;

import dev.tidewal.core.TidewalException;
import dev.tidewal.serve.Json;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every subcommand takes. */
final class CommonOptions {
  @Option(names = "--json", description = "Write one JSON document to standard output.")
  private boolean json;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description =
          "trace, debug, info, warn or error; LOG_LEVEL in the environment does the same.")
  private @Nullable String logLevel;

  boolean json() {
    return json;
  }

  /** Writes the answer in the form that was asked for. */
  void answer(Terminal terminal, Object jsonValue, Supplier<String> text) {
    PrintStream out = terminal.out();
    out.print(json ? Json.text(jsonValue) + "\n" : text.get());
    out.flush();
  }

  /** The level that was asked for on the command line, else by the environment. */
  System.Logger.Level logLevel(Terminal terminal, System.Logger.Level otherwise) {
    String word = logLevel != null ? logLevel : terminal.environment().get("LOG_LEVEL");
    return word == null || word.isBlank() ? otherwise : parse(word);
  }

  private static System.Logger.Level parse(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "trace" -> System.Logger.Level.TRACE;
      case "debug" -> System.Logger.Level.DEBUG;
      case "info" -> System.Logger.Level.INFO;
      case "warn", "warning" -> System.Logger.Level.WARNING;
      case "error" -> System.Logger.Level.ERROR;
      default ->
          throw new TidewalException.Usage(
              "log level " + word + " is unknown: write trace, debug, info, warn or error");
    };
  }
}
