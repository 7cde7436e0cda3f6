package dev.tidewal.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** The first snapshot of a large database, and its restore. */
final class SizeRow implements Row {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @Override
  public void measure(Bench bench) throws IOException, SQLException, InterruptedException {
    Path directory = Files.createDirectories(bench.work().resolve("size"));
    try {
      Path template = directory.resolve("template.db");
      try (Writer writer = new Writer(template)) {
        writer.writeFlatOut(bench.mebibytes(860, 48), 5000);
      }
      for (Store store : bench.stores()) {
        Pair<Figure> pair =
            bench.both("size, " + store.title(), c -> measure(directory, template, c, store));
        lines(bench.table(), store, Files.size(template), pair);
      }
    } finally {
      Bench.delete(directory);
    }
  }

  private record Figure(
      double snapshotSeconds,
      double snapshotPeakMebibytes,
      double restoreSeconds,
      RunningProcess.Usage restore) {}

  private static void lines(Table table, Store store, long databaseBytes, Pair<Figure> pair) {
    String of = String.format(Locale.ROOT, " of %d MiB, %s", databaseBytes >> 20, store.title());
    table.ratio(
        "first snapshot" + of,
        pair,
        f -> seconds(f.snapshotSeconds()),
        ">= 4x faster",
        (peer, ours) -> ours.snapshotSeconds() * 4 <= peer.snapshotSeconds());
    table.bound(
        "peak RSS, first snapshot" + of,
        pair,
        f -> mebibytes(f.snapshotPeakMebibytes()),
        "<= 160 MB",
        f -> f.snapshotPeakMebibytes() * 1.048576 <= 160);
    table.ratio(
        "restore" + of,
        pair,
        f -> seconds(f.restoreSeconds()),
        ">= 6x faster",
        (peer, ours) -> ours.restoreSeconds() * 6 <= peer.restoreSeconds());
    table.note(
        "CPU; peak RSS, restore" + of,
        pair,
        f -> seconds(f.restore().cpuSeconds()) + "; " + mebibytes(f.restore().peakRssMebibytes()));
  }

  private static Figure measure(Path directory, Path template, Contender contender, Store store)
      throws IOException, SQLException, InterruptedException {
    String replica = contender.name() + "-size";
    Path work = Files.createDirectories(directory.resolve(contender.name()));
    Path database = Files.copy(template, work.resolve("app.db"));
    try {
      double snapshotSeconds;
      double peak;
      long start = System.nanoTime();
      try (RunningProcess process =
          contender.replicate(work, database, store, replica, Optional.empty(), 0)) {
        while (!ReplicaFiles.holdWhole(store, replica, Files.size(template))) {
          if (!process.isAlive() || System.nanoTime() - start > LIMIT.toNanos()) {
            throw new IOException("no snapshot: " + Files.readString(contender.log(work)));
          }
          Thread.sleep(10);
        }
        snapshotSeconds = (System.nanoTime() - start) / 1e9;
        peak = process.peakRssMebibytes();
        ReplicaFiles.awaitQuiet(store, replica, 5);
      }
      long rows = rows(database);
      Path restored = work.resolve("restored.db");
      start = System.nanoTime();
      RunningProcess.Usage usage = contender.restore(work, restored, database).await(LIMIT);
      double restoreSeconds = (System.nanoTime() - start) / 1e9;
      if (usage.exitCode() != 0 || rows(restored) != rows) {
        throw new IOException(
            "the restore is wrong, exit code "
                + usage.exitCode()
                + ": "
                + Files.readString(contender.log(work)));
      }
      return new Figure(snapshotSeconds, peak, restoreSeconds, usage);
    } finally {
      Bench.delete(work);
      Bench.delete(store.directory(replica));
    }
  }

  private static long rows(Path database) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM t")) {
      return result.getLong(1);
    }
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1f s", seconds);
  }

  private static String mebibytes(double mebibytes) {
    return String.format(Locale.ROOT, "%.0f MiB", mebibytes);
  }
}
