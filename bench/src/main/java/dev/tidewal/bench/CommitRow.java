package dev.tidewal.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a replicator beside it costs the application's commits: interleaved pairs at 100/s. */
final class CommitRow implements Row {
  private static final int PAIRS = 5;

  @Override
  public void measure(Bench bench) throws InterruptedException {
    for (Store store : bench.stores()) {
      bench
          .table()
          .bound(
              "commit p99 with minus without, " + store.title() + ", 100/s, median of 5",
              bench.both("commit, " + store.title(), c -> extraMillis(bench, c, store)),
              millis -> String.format(Locale.ROOT, "%.2f ms", millis),
              "<= 0.1 ms",
              millis -> millis <= 0.1);
    }
  }

  private static double extraMillis(Bench bench, Contender contender, Store store)
      throws IOException, SQLException, InterruptedException {
    double[] extra = new double[PAIRS];
    Path alone = bench.work().resolve("alone.db");
    try (Session session = bench.session(contender, store, "commit", Optional.empty());
        Writer writer = new Writer(alone)) {
      int seconds = bench.choose(6, 2);
      for (int pair = 0; pair < PAIRS; pair++) {
        double without = p99(writer, seconds);
        extra[pair] = p99(session.writer(), seconds) - without;
      }
    }
    return IntStream.range(0, PAIRS)
        .mapToDouble(i -> extra[i])
        .sorted()
        .skip(PAIRS / 2)
        .findFirst()
        .orElseThrow();
  }

  private static double p99(Writer writer, int seconds) throws SQLException, InterruptedException {
    writer.forget();
    writer.writeAtRate(100, seconds);
    return Load.commitFigures(writer.commits()).p99();
  }
}
