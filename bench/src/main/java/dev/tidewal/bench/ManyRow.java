package dev.tidewal.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Memory of one process that follows many databases to which nothing is written. */
final class ManyRow implements Row {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** A database keeps one connection after half a minute; freed memory goes back within another. */
  private static final int REST_SECONDS = 75;

  @Override
  public void measure(Bench bench) throws InterruptedException {
    int count = bench.choose(1000, 50);
    Pair<Double> ours =
        new Pair<>(
            Optional.empty(), bench.one("many", Contender.TIDEWAL, c -> rss(bench, c, count)));
    bench
        .table()
        .bound(
            String.format(
                Locale.ROOT, "RSS with %,d idle databases, file (peer: 404 MB, published)", count),
            ours,
            mebibytes -> String.format(Locale.ROOT, "%.0f MiB", mebibytes),
            "<= 256 MB",
            mebibytes -> mebibytes * 1.048576 <= 256);
  }

  private static double rss(Bench bench, Contender contender, int count)
      throws IOException, SQLException, InterruptedException {
    Path work = Files.createDirectories(bench.work().resolve("many"));
    Store store = bench.stores().getFirst();
    List<Path> databases = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        databases.add(database(work.resolve("app-" + i + ".db")));
      }
      try (RunningProcess process = contender.replicateAll(work, databases, store, "many")) {
        awaitAll(store, count, process, contender.log(work));
        Thread.sleep(bench.choose(REST_SECONDS, 5) * 1000L);
        return process.rssMebibytes();
      }
    } finally {
      Bench.delete(work);
      for (int i = 0; i < count; i++) {
        Bench.delete(store.directory("many-" + i));
      }
    }
  }

  private static Path database(Path path) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("PRAGMA synchronous=OFF");
      statement.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT)");
      statement.execute("INSERT INTO t(a) VALUES('first')");
    }
    return path;
  }

  private static void awaitAll(Store store, int count, RunningProcess process, Path log)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    for (int i = 0; i < count; i++) {
      while (!Files.isDirectory(store.level("many-" + i, 0))) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IOException(i + " of " + count + " followed: " + Files.readString(log));
        }
        Thread.sleep(20);
      }
    }
  }
}
