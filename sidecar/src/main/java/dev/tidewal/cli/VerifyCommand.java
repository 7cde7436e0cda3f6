package dev.tidewal.cli;

import dev.tidewal.core.ExitCode;
import dev.tidewal.core.TidewalException;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClients;
import dev.tidewal.restore.IntegrityCheck;
import dev.tidewal.restore.ReplicaVerifier;
import dev.tidewal.restore.RestoreOptions;
import dev.tidewal.restore.RestoreReport;
import dev.tidewal.restore.RestoreTarget;
import dev.tidewal.restore.Restorer;
import dev.tidewal.restore.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidewal verify}: reads a replica to its last byte. */
@Command(
    name = "verify",
    description = "Read every object of a replica and say whether it can be restored from.",
    footer = {
      "",
      "Checks every byte, gaps between objects, signs of a second writer, and the recorded checksum",
      "of each snapshot; with --restore that of the newest state too. Ends with 5 when something is",
      "broken.",
      "",
      "Example:  tidewal verify --restore s3://bucket/app"
    })
final class VerifyCommand implements Subcommand.Plain {
  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private TargetOptions replica = new TargetOptions();
  @Mixin private TemporaryOptions temporary = new TemporaryOptions();

  @Option(
      names = "--newest",
      description = "Read only the objects that a restore of the newest state needs.")
  private boolean newest;

  @Option(
      names = "--restore",
      description = "Also restore the newest state, to a file that is deleted again.")
  private boolean restore;

  @Option(
      names = "--integrity-check",
      paramLabel = "none|quick|full",
      description = "What SQLite examines in the restored file; default: quick.")
  private IntegrityCheck integrityCheck = IntegrityCheck.QUICK;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description = "Objects read at a time, 1 to 256; default: 8.")
  private int parallelism = 8;

  VerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public ExitCode run() throws IOException {
    if (parallelism < 1 || parallelism > 256) {
      throw new TidewalException.Usage("--parallelism must be 1 to 256: " + parallelism);
    }
    Target target = replica.target(terminal);
    try (ReplicaClients clients = new ReplicaClients();
        ReplicaClient client = TargetOptions.open(target, clients)) {
      VerifyReport report = read(client);
      if (report.objects().isEmpty()) {
        throw new TidewalException.NothingToRestore(
            client.url()
                + " holds no LTX objects; `tidewal generations` shows those of Litestream 0.3");
      }
      Optional<VerifyText.Restored> restored =
          restore && report.isGood() ? Optional.of(restore(client)) : Optional.empty();
      common.answer(
          terminal,
          VerifyText.json(client.url(), report, restored),
          () -> VerifyText.text(client.url(), report, restored));
      boolean good = report.isGood() && restored.map(VerifyText.Restored::isGood).orElse(true);
      return good ? ExitCode.OK : ExitCode.CORRUPT;
    }
  }

  private VerifyReport read(ReplicaClient client) {
    try (ProgressLine line = ProgressLine.start(terminal, "verifying " + client.url())) {
      ReplicaVerifier verifier =
          new ReplicaVerifier(client, parallelism, new RestoreProgress(line));
      return newest ? verifier.plan(RestoreTarget.LATEST) : verifier.everything();
    }
  }

  private VerifyText.Restored restore(ReplicaClient client) throws IOException {
    Path directory = temporary.create("tidewal-verify");
    Path file = directory.resolve("restored.db");
    try (ProgressLine line = ProgressLine.start(terminal, "restoring " + client.url())) {
      RestoreReport report =
          new Restorer(
                  client,
                  RestoreOptions.DEFAULT.withIntegrityCheck(integrityCheck),
                  new RestoreProgress(line))
              .restore(RestoreTarget.LATEST, file);
      return new VerifyText.Restored(Optional.of(report), "");
    } catch (TidewalException.Corrupt | TidewalException.Refused broken) {
      return new VerifyText.Restored(Optional.empty(), String.valueOf(broken.getMessage()));
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(directory);
    }
  }
}
