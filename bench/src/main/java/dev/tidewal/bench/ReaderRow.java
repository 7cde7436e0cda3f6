package dev.tidewal.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** The application's worst commit in a write storm beside a long reader, and shortly after it. */
final class ReaderRow implements Row {
  @Override
  public void measure(Bench bench) throws InterruptedException {
    int seconds = bench.choose(12, 3);
    for (Store store : bench.stores()) {
      bench
          .table()
          .bound(
              String.format(
                  Locale.ROOT,
                  "worst commit, %s, write storm beside a %d s reader",
                  store.title(),
                  seconds),
              bench.both("reader, " + store.title(), c -> worst(bench, c, store, seconds)),
              millis -> String.format(Locale.ROOT, "%.0f ms", millis),
              "<= 100 ms",
              millis -> millis <= 100);
    }
  }

  private static double worst(Bench bench, Contender contender, Store store, int seconds)
      throws IOException, SQLException, InterruptedException {
    try (Session session = bench.session(contender, store, "reader", Optional.empty())) {
      Writer writer = session.writer();
      writer.execute("PRAGMA busy_timeout=60000"); // the wait is what is measured, not the error
      try (Connection reader = Writer.reader(session.database())) {
        writer.writeFlatOut(1L << 30, 2000, Duration.ofSeconds(seconds));
        reader.rollback();
      }
      writer.writeFlatOut(1L << 30, 2000, Duration.ofSeconds(2));
      return Load.commitFigures(writer.commits()).max();
    }
  }
}
