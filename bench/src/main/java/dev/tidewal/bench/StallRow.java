package dev.tidewal.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/** The application's worst commit while it writes as fast as it can. */
final class StallRow implements Row {
  @Override
  public void measure(Bench bench) throws IOException, SQLException, InterruptedException {
    long bytes = bench.mebibytes(512, 32);
    double alone = aloneMillis(bench, bytes);
    for (Store store : bench.stores()) {
      Pair<Load> pair = bench.both("stall, " + store.title(), c -> flatOut(bench, c, store, bytes));
      String flatOut = String.format(Locale.ROOT, "%d MiB flat out", bytes >> 20);
      bench
          .table()
          .bound(
              String.format(
                  Locale.ROOT,
                  "worst commit, %s, %s (alone: %.0f ms)",
                  store.title(),
                  flatOut,
                  alone),
              pair,
              Load::worstText,
              "<= 100 ms",
              load -> load.commit().max() <= 100);
      bench
          .table()
          .ratio(
              "CPU seconds a GB of WAL, " + store.title() + ", " + flatOut,
              pair,
              Load::cpuText,
              "<= peer",
              (peer, ours) -> ours.cpuSecondsAGigabyte() <= peer.cpuSecondsAGigabyte());
      bench
          .table()
          .bound(
              "RSS busy, " + store.title() + ", " + flatOut,
              pair,
              Load::memoryText,
              "<= 128 MB",
              load -> load.peakRssMebibytes() * 1.048576 <= 128);
    }
  }

  private static double aloneMillis(Bench bench, long bytes) throws IOException, SQLException {
    Path directory = Files.createDirectories(bench.work().resolve("alone"));
    try (Writer writer = new Writer(directory.resolve("app.db"))) {
      writer.writeFlatOut(bytes, 2000);
      return Load.commitFigures(writer.commits()).max();
    } finally {
      Bench.delete(directory);
    }
  }

  private static Load flatOut(Bench bench, Contender contender, Store store, long bytes)
      throws IOException, SQLException, InterruptedException {
    try (Session session = bench.session(contender, store, "stall", Optional.empty())) {
      return session.flatOut(bytes);
    }
  }
}
