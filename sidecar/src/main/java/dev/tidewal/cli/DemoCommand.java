package dev.tidewal.cli;

import dev.tidewal.config.Configuration;
import dev.tidewal.config.ConfigurationReader;
import dev.tidewal.core.ExitCode;
import dev.tidewal.core.Position;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replicate.ReplicationEvents;
import dev.tidewal.replicate.ReplicationStatus;
import dev.tidewal.restore.RestoreListener;
import dev.tidewal.restore.RestoreOptions;
import dev.tidewal.restore.RestoreReport;
import dev.tidewal.restore.RestoreTarget;
import dev.tidewal.restore.Restorer;
import dev.tidewal.supervisor.Supervisor;
import dev.tidewal.supervisor.Supervisor.Circumstances;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code tidewal demo}: the main job, live, on a database of its own: replicate under load, lose,
 * restore, compare.
 */
@Command(
    name = "demo",
    description = "Show the main job on a temporary database: replicate, lose, restore, compare.",
    footer = {"", "Example:  tidewal demo --seconds 10"})
final class DemoCommand implements Subcommand.Plain {
  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();

  @Option(names = "--seconds", defaultValue = "20", description = "How long to write.")
  private int seconds;

  DemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public Level defaultLogLevel() {
    return Level.ERROR;
  }

  @Override
  public ExitCode run() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("tidewal-demo");
    try {
      return demonstrate(directory);
    } catch (SQLException e) {
      throw new IOException(e);
    } finally {
      delete(directory);
    }
  }

  private ExitCode demonstrate(Path directory)
      throws IOException, InterruptedException, SQLException {
    Path database = directory.resolve("shop.db");
    Path replica = directory.resolve("replica");
    say("A shop writes orders to %s,", database);
    say("and Tidewal streams every commit to %s.", replica.toUri());
    DemoShop.Totals written = replicate(database, replica);
    say("Now the database is lost: %s, its -wal and its -shm are deleted.", database.getFileName());
    for (String suffix : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(Path.of(database + suffix));
    }
    RestoreReport report;
    try (FileReplicaClient client = new FileReplicaClient(replica)) {
      report =
          new Restorer(client, RestoreOptions.DEFAULT, RestoreListener.NONE)
              .restore(RestoreTarget.LATEST, database);
    }
    DemoShop.Totals restored = DemoShop.totals(database);
    say(
        "Restored %.1f MB at TXID %s in %d ms, page checksum %s.",
        report.databaseBytes() / 1e6,
        report.position().txid(),
        report.duration().toMillis(),
        report.checksumCompared() ? "as recorded" : "not recorded");
    say("  written:  %,d orders, checksum %016x", written.orders(), written.checksum());
    say("  restored: %,d orders, checksum %016x", restored.orders(), restored.checksum());
    if (!written.equals(restored)) {
      say("They differ: this is a bug.");
      return ExitCode.CORRUPT;
    }
    say("Nothing was lost.");
    return ExitCode.OK;
  }

  private DemoShop.Totals replicate(Path database, Path replica)
      throws IOException, InterruptedException, SQLException {
    Configuration configuration =
        new ConfigurationReader(terminal.environment(), true)
            .ofArguments(database.toString(), List.of(replica.toUri().toString()))
            .configuration();
    try (DemoShop shop = DemoShop.open(database);
        Supervisor supervisor =
            Supervisor.start(
                configuration, Circumstances.BESIDE_APPLICATION, ReplicationEvents.NONE)) {
      long start = System.nanoTime();
      long shown = start;
      long end = start + Duration.ofSeconds(seconds).toNanos();
      while (System.nanoTime() < end) {
        shop.sell();
        boolean due = System.nanoTime() - shown >= Duration.ofSeconds(1).toNanos();
        if (!terminal.interactive() && !due) {
          continue;
        }
        shown = System.nanoTime();
        show(supervisor.statuses().getFirst(), shop.orders(), System.nanoTime() - start);
      }
      Position durable = supervisor.sync(database.toString(), Duration.ofSeconds(30));
      supervisor.stop();
      terminal.out().println();
      say("The shop closes; everything is durable at %s.", durable);
      return shop.totals();
    }
  }

  private void show(ReplicationStatus now, long orders, long nanos) {
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%s%5.1f s  %,9d orders  local %s  durable %s  lag %4d ms%s",
            terminal.interactive() ? "\r" : "",
            nanos / 1e9,
            orders,
            shortened(now.local()),
            shortened(now.durable()),
            now.lag().age().toMillis(),
            terminal.interactive() ? "   " : "\n");
    terminal.out().flush();
  }

  private static String shortened(Position position) {
    return position.txid().toString().substring(10);
  }

  private void say(String format, Object... arguments) {
    terminal.out().printf(Locale.ROOT, format + "%n", arguments);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
