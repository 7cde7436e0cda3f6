package dev.tidewal.cli;

import dev.tidewal.config.DatabaseConfig;
import dev.tidewal.core.DurationText;
import dev.tidewal.core.ExitCode;
import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.legacy.GenerationPlan;
import dev.tidewal.legacy.GenerationStore;
import dev.tidewal.legacy.GenerationTarget;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClients;
import dev.tidewal.restore.Follower;
import dev.tidewal.restore.GenerationRestorer;
import dev.tidewal.restore.IntegrityCheck;
import dev.tidewal.restore.RestoreListener;
import dev.tidewal.restore.RestoreOptions;
import dev.tidewal.restore.RestorePlan;
import dev.tidewal.restore.RestoreReport;
import dev.tidewal.restore.RestoreTarget;
import dev.tidewal.restore.Restorer;
import dev.tidewal.state.StateDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidewal restore}. */
@Command(
    name = "restore",
    description = "Restore a database from its replica: exactly, or not at all.",
    footer = {
      "",
      "Where a replica holds LTX and generations of Litestream 0.3, the newer one is restored.",
      "",
      "Example:  tidewal restore -o app.db s3://bucket/app"
    })
final class RestoreCommand implements Subcommand.Plain {
  /** How long a reader may hold up what is followed before it is tried again. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private TargetOptions replica = new TargetOptions();
  @Mixin private GenerationOptions generations = new GenerationOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to; else the path of DB.")
  private Optional<Path> output = Optional.empty();

  @Option(
      names = "--timestamp",
      paramLabel = "TIME",
      description = "The newest state of that time, such as 2026-11-20T10:00:00Z.")
  private Optional<String> timestamp = Optional.empty();

  @Option(names = "--txid", paramLabel = "TXID", description = "The state after that TXID.")
  private Optional<String> txid = Optional.empty();

  @Option(
      names = {"--if-db-not-exists", "--if-missing"},
      description = "End with 0 when the output exists already.")
  private boolean ifMissing;

  @Option(names = "--if-replica-exists", description = "End with 0 when there is no replica.")
  private boolean ifReplicaExists;

  @Option(names = "--force", description = "Replace an existing output.")
  private boolean force;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description = "Downloads at a time; default: twice the processors, at least 8.")
  private Optional<Integer> parallelism = Optional.empty();

  @Option(
      names = "--integrity-check",
      paramLabel = "none|quick|full",
      description = "What SQLite examines before the file gets its name; default: none.")
  private IntegrityCheck integrityCheck = IntegrityCheck.NONE;

  @Option(names = "--dry-run", description = "Only show the plan.")
  private boolean dryRun;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on: keep the output up to date as a read replica.")
  private boolean follow;

  @Option(
      names = "--follow-interval",
      paramLabel = "TIME",
      description = "How often to look for news; default: 1s.")
  private String followInterval = "1s";

  RestoreCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  /** Following is a service: it says what it does. */
  @Override
  public Level defaultLogLevel() {
    return follow ? Level.INFO : Level.WARNING;
  }

  @Override
  public ExitCode run() throws IOException {
    RestoreTarget state = state();
    boolean old = generations.named(state).isPresent();
    if (follow && (old || !(state instanceof RestoreTarget.Latest))) {
      throw new TidewalException.Usage(
          "--follow goes on from the newest state: leave --timestamp, --txid and --generation out");
    }
    if (follow && dryRun) {
      throw new TidewalException.Usage("--follow writes: leave --dry-run out, or --follow");
    }
    Target target = replica.target(terminal);
    Path file = outputOf(target);
    if (ifMissing && !follow && Files.exists(file)) {
      terminal.err().println("tidewal: " + file + " exists: nothing restored");
      return ExitCode.OK;
    }
    try (ReplicaClients clients = new ReplicaClients();
        ReplicaClient client = TargetOptions.open(target, clients)) {
      if (follow) {
        return follow(client, file);
      }
      if (dryRun) {
        return restoreAs(client, state, file);
      }
      try (var _ = hold(target, file)) {
        return restoreAs(client, state, file);
      }
    } catch (TidewalException.NothingToRestore nothing) {
      if (!ifReplicaExists) {
        throw nothing;
      }
      terminal.err().println("tidewal: " + nothing.getMessage() + ": nothing restored");
      return ExitCode.OK;
    }
  }

  private ExitCode restoreAs(ReplicaClient client, RestoreTarget state, Path file)
      throws IOException {
    Optional<GenerationTarget> before = generations.target(client, state);
    if (before.isPresent()) {
      return restoreGeneration(client, before.get(), file);
    }
    return dryRun ? plan(client, state) : restore(client, state, file);
  }

  /**
   * The state of a database that is replaced, so that no sidecar follows it meanwhile: its
   * application would go on writing to a file that nobody sees any more.
   *
   * @throws TidewalException.Refused when one does
   */
  private Closeable hold(Target target, Path file) throws IOException {
    Optional<Path> states = target.database().flatMap(DatabaseConfig::stateDirectory);
    return force && Files.isDirectory(StateDirectory.locate(file, states))
        ? StateDirectory.open(file, states)
        : () -> {};
  }

  private ExitCode plan(ReplicaClient client, RestoreTarget state) {
    RestorePlan plan = new Restorer(client, options(), RestoreListener.NONE).plan(state);
    common.answer(
        terminal, RestoreText.json(client.url(), plan), () -> RestoreText.text(client.url(), plan));
    return ExitCode.OK;
  }

  private ExitCode restore(ReplicaClient client, RestoreTarget state, Path file)
      throws IOException {
    try (ProgressLine line = ProgressLine.start(terminal, "restoring " + file.getFileName())) {
      RestoreReport report =
          new Restorer(client, options(), new RestoreProgress(line)).restore(state, file);
      line.finish();
      common.answer(
          terminal,
          RestoreText.json(client.url(), file, report),
          () -> RestoreText.text(client.url(), file, report));
    }
    return ExitCode.OK;
  }

  private ExitCode restoreGeneration(ReplicaClient client, GenerationTarget state, Path file)
      throws IOException {
    GenerationStore store = new GenerationStore(client.browser().orElseThrow());
    if (dryRun) {
      GenerationPlan plan =
          new GenerationRestorer(store, options(), RestoreListener.NONE).plan(state);
      common.answer(
          terminal,
          GenerationText.json(store.url(), plan),
          () -> GenerationText.text(store.url(), plan));
      return ExitCode.OK;
    }
    try (ProgressLine line = ProgressLine.start(terminal, "restoring " + file.getFileName())) {
      GenerationRestorer.Report report =
          new GenerationRestorer(store, options(), new RestoreProgress(line)).restore(state, file);
      line.finish();
      common.answer(
          terminal,
          GenerationText.json(store.url(), file, report),
          () -> GenerationText.text(store.url(), file, report));
    }
    return ExitCode.OK;
  }

  private ExitCode follow(ReplicaClient client, Path file) throws IOException {
    Duration interval = duration("--follow-interval", followInterval);
    try (ProgressLine line = ProgressLine.start(terminal, "restoring " + file.getFileName())) {
      FollowLines lines = new FollowLines(file);
      try (Follower follower =
          Follower.open(client, file, options(), PATIENCE, lines, new RestoreProgress(line))) {
        line.finish();
        follower.run(interval);
      }
    }
    return ExitCode.OK;
  }

  private RestoreOptions options() {
    RestoreOptions options =
        RestoreOptions.DEFAULT.withOverwrite(force).withIntegrityCheck(integrityCheck);
    try {
      return parallelism.map(options::withParallelism).orElse(options);
    } catch (IllegalArgumentException outOfRange) {
      throw new TidewalException.Usage("--" + outOfRange.getMessage());
    }
  }

  private Path outputOf(Target target) {
    return output
        .or(target::file)
        .orElseThrow(() ->
            new TidewalException.Usage(
                "restore of a replica URL needs -o FILE: where to put the database"));
  }

  private RestoreTarget state() {
    if (timestamp.isPresent() && txid.isPresent()) {
      throw new TidewalException.Usage("--timestamp and --txid exclude each other: give one");
    }
    if (timestamp.isPresent()) {
      return new RestoreTarget.AtTime(time(timestamp.get()));
    }
    return txid.<RestoreTarget>map(RestoreCommand::atTxid).orElse(RestoreTarget.LATEST);
  }

  private static RestoreTarget atTxid(String text) {
    return Txid.parse(text)
        .filter(parsed -> !parsed.isZero())
        .map(RestoreTarget.AtTxid::new)
        .orElseThrow(() ->
            new TidewalException.Usage(
                "--txid "
                    + text
                    + " is not a TXID: write 16 hex digits, as `tidewal ltx` shows them"));
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException notATime) {
      throw new TidewalException.Usage(
          "--timestamp " + text + " is not a time: write it as 2026-11-20T10:00:00Z", notATime);
    }
  }

  private static Duration duration(String option, String text) {
    try {
      return DurationText.parse(text);
    } catch (IllegalArgumentException notADuration) {
      throw new TidewalException.Usage(option + " " + text + " " + notADuration.getMessage());
    }
  }
}
