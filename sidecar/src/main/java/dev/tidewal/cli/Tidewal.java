package dev.tidewal.cli;

import dev.tidewal.config.LoggingConfig;
import dev.tidewal.core.ExitCode;
import dev.tidewal.serve.Version;
import java.io.PrintWriter;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The root command. Reads the arguments, runs the subcommand, turns what it throws into one line
 * and an exit code.
 */
@Command(
    name = "tidewal",
    description = "Streams every commit of a SQLite database to object storage, and restores it.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "tidewal COMMAND --help shows what a command takes."})
final class Tidewal {
  private final Terminal terminal;

  Tidewal(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Runs one command and returns its exit code. Never throws. */
  int run(List<String> arguments) {
    CommandLine line = forArguments(arguments);
    List<String> normal = Arguments.normalise(arguments, longOptions(line));
    return line.execute(normal.toArray(String[]::new));
  }

  /** Only the subcommand that is asked for is loaded; all of them for help and for typos. */
  private CommandLine forArguments(List<String> arguments) {
    String first = arguments.isEmpty() ? "" : arguments.getFirst();
    return Subcommands.NAMES.contains(first)
        ? prepared(new CommandLine(this).addSubcommand(Subcommands.make(first, terminal)))
        : withAllSubcommands(terminal);
  }

  static CommandLine withAllSubcommands(Terminal terminal) {
    CommandLine line = new CommandLine(new Tidewal(terminal));
    Subcommands.NAMES.forEach(name -> line.addSubcommand(Subcommands.make(name, terminal)));
    return prepared(line);
  }

  private static CommandLine prepared(CommandLine line) {
    Terminal terminal = ((Tidewal) line.getCommand()).terminal;
    line.getCommandSpec()
        .version(Version.tidewal())
        .addOption(flag("Print the version and exit.", "--version").versionHelp(true).build());
    addHelp(line);
    // An alias shows up as the same command once more.
    line.getSubcommands().values().stream().distinct().forEach(Tidewal::addHelp);
    line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    line.setUsageHelpAutoWidth(false);
    line.setExpandAtFiles(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler((problem, given) -> misused(problem, terminal));
    line.setExecutionExceptionHandler((thrown, command, parsed) -> failed(thrown, terminal));
    line.setExecutionStrategy(parsed -> execute(parsed, terminal));
    return line;
  }

  private static int execute(ParseResult parsed, Terminal terminal) {
    if (!parsed.hasSubcommand()) {
      return help(parsed, terminal);
    }
    if (parsed.subcommand().commandSpec().userObject() instanceof Subcommand command) {
      Level level = command.common().logLevel(terminal, command.defaultLogLevel());
      Logging.configure(level, LoggingConfig.Format.TEXT, terminal.err());
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static int help(ParseResult parsed, Terminal terminal) {
    if (parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested()) {
      return new CommandLine.RunLast().execute(parsed);
    }
    parsed.commandSpec().commandLine().usage(terminal.err());
    return ExitCode.USAGE.code();
  }

  private static void addHelp(CommandLine line) {
    line.getCommandSpec()
        .addOption(flag("Show this help and exit.", "-h", "--help").usageHelp(true).build());
  }

  private static OptionSpec.Builder flag(String description, String... names) {
    return OptionSpec.builder(names).type(boolean.class).description(description);
  }

  private static Set<String> longOptions(CommandLine line) {
    return line.getSubcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .flatMap(spec -> spec.optionsMap().keySet().stream())
        .filter(name -> name.startsWith("--"))
        .map(name -> name.substring(2))
        .collect(Collectors.toSet());
  }

  private static int misused(ParameterException problem, Terminal terminal) {
    String command = problem.getCommandLine().getCommandSpec().qualifiedName();
    String line = Misuse.line(problem);
    say(terminal, line + (line.endsWith("?") ? " See " : ": see ") + command + " --help");
    return ExitCode.USAGE.code();
  }

  private static int failed(Exception thrown, Terminal terminal) {
    Failure failure = Failure.of(thrown);
    say(terminal, failure.line());
    if (isDebugging()) {
      thrown.printStackTrace(terminal.err());
    }
    return failure.code().code();
  }

  private static void say(Terminal terminal, String line) {
    terminal.err().println("tidewal: " + line);
    terminal.err().flush();
  }

  private static boolean isDebugging() {
    return System.getLogger("dev.tidewal").isLoggable(System.Logger.Level.DEBUG);
  }
}
