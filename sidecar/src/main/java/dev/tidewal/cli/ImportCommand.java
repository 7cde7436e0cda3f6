package dev.tidewal.cli;

import dev.tidewal.config.Configuration;
import dev.tidewal.config.DestinationConfig;
import dev.tidewal.config.ListenAddress;
import dev.tidewal.core.ExitCode;
import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.legacy.GenerationStore;
import dev.tidewal.legacy.GenerationTarget;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClients;
import dev.tidewal.restore.GenerationRestorer;
import dev.tidewal.restore.IntegrityCheck;
import dev.tidewal.restore.ReplicaOverview;
import dev.tidewal.restore.RestoreOptions;
import dev.tidewal.restore.RestoreTarget;
import dev.tidewal.supervisor.Supervisor.Circumstances;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidewal import}: turns what Litestream 0.3 left into an LTX replica. */
@Command(
    name = "import",
    description = "Turn the newest state that Litestream 0.3 stored into an LTX replica.",
    footer = {
      "",
      "Restores it to a temporary file, has SQLite check that, and replicates it to the same place",
      "or to another one, where no LTX replica may be yet. The generations stay as they are: older",
      "states are restored from them.",
      "",
      "Example:  tidewal import s3://bucket/app"
    })
final class ImportCommand implements Subcommand.Plain {
  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private TargetOptions replica = new TargetOptions();
  @Mixin private TemporaryOptions temporary = new TemporaryOptions();
  @Mixin private GenerationOptions generations = new GenerationOptions();

  @Option(
      names = "--to",
      paramLabel = "URL",
      description = "Where the LTX replica goes; default: beside the generations.")
  private Optional<String> to = Optional.empty();

  @Option(
      names = "--integrity-check",
      paramLabel = "none|quick|full",
      description = "What SQLite examines before anything is stored; default: quick.")
  private IntegrityCheck integrityCheck = IntegrityCheck.QUICK;

  ImportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public ExitCode run() throws IOException, InterruptedException {
    GenerationTarget state =
        generations.named(RestoreTarget.LATEST).orElseGet(GenerationTarget.Latest::new);
    Target from = replica.target(terminal);
    DestinationConfig destination =
        to.map(url -> replica.config().reader(terminal).ofUrl(url)).orElse(from.destination());
    Path directory = temporary.create("tidewal-import");
    try (ReplicaClients clients = new ReplicaClients();
        ReplicaClient source = TargetOptions.open(from, clients);
        ReplicaClient target =
            TargetOptions.open(
                new Target(Optional.empty(), Optional.empty(), destination), clients)) {
      requireEmpty(target);
      Path file = directory.resolve("imported.db");
      GenerationRestorer.Report report = restore(source, state, file);
      ExitCode code = store(file, destination);
      if (code == ExitCode.OK) {
        answer(source, target, report);
      }
      return code;
    } finally {
      delete(directory);
    }
  }

  /** Two histories in one replica are what nobody can repair. */
  private static void requireEmpty(ReplicaClient target) {
    for (int level = 0; level <= LtxName.SNAPSHOT_LEVEL; level++) {
      if (target.list(level, Txid.ZERO, false).hasNext()) {
        throw new TidewalException.Refused(
            target.url()
                + " holds LTX objects already: import to another place with --to, or purge them");
      }
    }
  }

  private GenerationRestorer.Report restore(ReplicaClient source, GenerationTarget state, Path file)
      throws IOException {
    GenerationStore store =
        new GenerationStore(
            source
                .browser()
                .orElseThrow(() ->
                    new TidewalException.NothingToRestore(source.url() + " has no generations")));
    try (ProgressLine line = ProgressLine.start(terminal, "restoring " + source.url())) {
      RestoreOptions options = RestoreOptions.DEFAULT.withIntegrityCheck(integrityCheck);
      return new GenerationRestorer(store, options, new RestoreProgress(line)).restore(state, file);
    }
  }

  /** As `replicate --once` does, so that the replica has an owner and a root marker. */
  private ExitCode store(Path file, DestinationConfig destination)
      throws IOException, InterruptedException {
    Configuration any =
        replica
            .config()
            .reader(terminal)
            .ofArguments(file.toString(), List.of(file.resolveSibling("unused").toUri().toString()))
            .configuration();
    Configuration one =
        any.withDatabases(database -> database.withDestinations(List.of(destination)))
            .withAddr(ListenAddress.OFF);
    try (var _ = ProgressLine.start(terminal, "storing")) {
      return ExitCode.of(new Service(one, Circumstances.BESIDE_APPLICATION, terminal).run(true));
    }
  }

  private void answer(
      ReplicaClient source, ReplicaClient target, GenerationRestorer.Report report) {
    Optional<ReplicaOverview.State> stored = ReplicaOverview.read(target).latest();
    Map<String, @Nullable Object> json = GenerationText.json(source.url(), report.plan());
    json.put("to", target.url());
    json.put("databaseBytes", report.databaseBytes());
    json.put("txid", stored.map(ReplicaOverview.State::txid));
    common.answer(
        terminal,
        json,
        () ->
            GenerationText.imported(report)
                + " of "
                + source.url()
                + " to TXID "
                + stored.map(state -> state.txid().toString()).orElse("?")
                + " of "
                + target.url()
                + "\n");
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
