package dev.tidewal.cli;

import dev.tidewal.config.Configuration;
import dev.tidewal.config.ConfigurationReader;
import dev.tidewal.config.DatabaseConfig;
import dev.tidewal.config.ListenAddress;
import dev.tidewal.config.LoadedConfiguration;
import dev.tidewal.config.LoggingConfig;
import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.fence.Choice;
import dev.tidewal.fence.Moment;
import dev.tidewal.supervisor.Supervisor.Circumstances;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidewal replicate}. */
@Command(
    name = "replicate",
    description = "Follow databases and stream every commit to their destinations.",
    footer = {
      "",
      "tidewal replicate DB URL...   one database, without a configuration; the first URL decides",
      "tidewal replicate             everything that the configuration names",
      "",
      "Example:  tidewal replicate --exec 'node server.js' /data/app.db s3://bucket/app"
    })
final class ReplicateCommand implements Subcommand {
  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(
      names = {"--exec", "-x"},
      paramLabel = "COMMAND",
      description = "Run this beside replication, and end when it does, with its exit code.")
  private Optional<String> exec = Optional.empty();

  @Option(names = "--once", description = "Replicate what is there now, and end.")
  private boolean once;

  @Option(
      names = {"--restore-if-missing", "--restore-if-db-not-exists"},
      description = "Restore a database that does not exist before replicating it.")
  private boolean restoreIfMissing;

  @Option(names = "--no-convert", description = "Refuse a database that is not in WAL mode.")
  private boolean noConvert;

  @Option(
      names = "--addr",
      paramLabel = "HOST:PORT|off",
      description = "Where to serve metrics, health, status and sync; default: 127.0.0.1:9797.")
  private Optional<String> addr = Optional.empty();

  @Option(
      names = "--keep",
      paramLabel = "local|replica",
      description = "Where database and replica are different histories: which one goes on.")
  private Optional<Choice.Side> keep = Optional.empty();

  @Option(
      names = "--accept-txid",
      paramLabel = "TXID",
      description = "Accept this TXID as the newest state of a replica that had more.")
  private Optional<String> acceptTxid = Optional.empty();

  @Option(
      names = "--take-over-from",
      paramLabel = "CLUSTER",
      description = "Take over a replica that belongs to this Kubernetes cluster id.")
  private Optional<String> takeOverFrom = Optional.empty();

  @Parameters(arity = "0..*", paramLabel = "DB URL", description = "A database and its replicas.")
  private List<String> arguments = List.of();

  ReplicateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public Level defaultLogLevel() {
    return Level.INFO;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Configuration configuration = configuration();
    log(configuration.logging());
    Circumstances circumstances =
        new Circumstances(
            moment(configuration),
            new Choice(keep, acceptTxid.map(ReplicateCommand::txid)),
            takeOverFrom,
            terminal.environment().getOrDefault("TIDEWAL_CLUSTER_ID", ""),
            terminal.environment().getOrDefault("TIDEWAL_POD_UID", ""));
    return new Service(configuration, circumstances, terminal).run(once);
  }

  /**
   * An application that we start is not running yet, so that an old file may be brought forward.
   */
  private Moment moment(Configuration configuration) {
    return configuration.exec().isPresent() && !once
        ? Moment.RESTORE_STEP
        : Moment.BESIDE_APPLICATION;
  }

  private Configuration configuration() throws IOException {
    Configuration read =
        arguments.isEmpty()
            ? OneDatabase.only(config.require(terminal), terminal.environment())
            : ofArguments();
    List<DatabaseConfig> databases = read.databases().stream().map(this::adjusted).toList();
    return new Configuration(
        databases,
        addr.map(ReplicateCommand::address).orElse(read.addr()),
        read.logging(),
        read.spoolLimit(),
        read.shutdownTimeout(),
        exec.or(read::exec));
  }

  private Configuration ofArguments() {
    if (arguments.size() == 1) {
      throw new TidewalException.Usage(
          "where should " + arguments.getFirst() + " be replicated to? Write replicate DB URL");
    }
    ConfigurationReader reader = config.reader(terminal);
    LoadedConfiguration loaded =
        reader.ofArguments(arguments.getFirst(), arguments.subList(1, arguments.size()));
    ConfigOptions.warn(loaded.notes(), terminal);
    return loaded.configuration();
  }

  private DatabaseConfig adjusted(DatabaseConfig database) {
    return new DatabaseConfig(
        database.source(),
        database.destinations(),
        database.stateDirectory(),
        database.litestreamDirectory(),
        database.convert() && !noConvert,
        database.restoreIfMissing() || restoreIfMissing,
        database.walLimit(),
        database.checkpoints());
  }

  private void log(LoggingConfig logging) {
    LoggingConfig.Format format = common.json() ? LoggingConfig.Format.JSON : logging.format();
    PrintStream out = logging.toStandardError() ? terminal.err() : terminal.out();
    Logging.configure(common.logLevel(terminal, logging.level()), format, out);
  }

  private static ListenAddress address(String text) {
    try {
      return ListenAddress.parse(text);
    } catch (IllegalArgumentException notAnAddress) {
      throw new TidewalException.Usage("--addr " + text + " " + notAnAddress.getMessage());
    }
  }

  private static Txid txid(String text) {
    return Txid.parse(text)
        .orElseThrow(() ->
            new TidewalException.Usage(
                "--accept-txid " + text + " is not a TXID: write 16 hex digits"));
  }
}
