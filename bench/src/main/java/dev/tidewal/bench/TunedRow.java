package dev.tidewal.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Both at an interval of 10 ms; and our curve of lag against PUTs. */
final class TunedRow implements Row {
  private static final Duration FAST = Duration.ofMillis(10);

  @Override
  public void measure(Bench bench) throws InterruptedException {
    for (Store store : bench.stores()) {
      if (store.countsRequests()) {
        onS3(bench, store);
        curve(bench, store);
      } else {
        onFile(bench, store);
      }
    }
  }

  private static void onFile(Bench bench, Store store) throws InterruptedException {
    for (int rate : new int[] {10, 100, 1000}) {
      Pair<Load> pair = bench.both("tuned, file", c -> load(bench, c, store, FAST, rate));
      bench
          .table()
          .ratio(
              String.format(Locale.ROOT, "visible p50 / p99, file, %,d/s, both at 10 ms", rate),
              pair,
              Load::visibleText,
              "p50 <= peer",
              (peer, ours) -> ours.visible().p50() <= peer.visible().p50());
    }
  }

  private record Tuned(Load load, double idlePercent) {}

  private static void onS3(Bench bench, Store store) throws InterruptedException {
    Pair<Tuned> pair = bench.both("tuned, S3", c -> tuned(bench, c, store));
    bench
        .table()
        .bound(
            "visible p50 / p99, S3, 100/s, both at 10 ms",
            pair,
            tuned -> tuned.load().visibleText(),
            "<= 10 / 20 ms",
            tuned -> tuned.load().visible().p50() <= 10 && tuned.load().visible().p99() <= 20);
    bench
        .table()
        .ratio(
            "CPU of that",
            pair,
            tuned -> percent(tuned.load().cpuSeconds() * 100 / tuned.load().seconds()),
            "< peer",
            (peer, ours) -> ours.load().cpuSeconds() < peer.load().cpuSeconds());
    bench
        .table()
        .bound(
            "CPU when idle, S3, both at 10 ms",
            pair,
            tuned -> percent(tuned.idlePercent()),
            "<= 0.2 %",
            tuned -> tuned.idlePercent() <= 0.2);
  }

  private static Tuned tuned(Bench bench, Contender contender, Store store)
      throws IOException, SQLException, InterruptedException {
    try (Session session = bench.session(contender, store, "tuned", Optional.of(FAST))) {
      Load load = session.rate(100, bench.choose(15, 4));
      int seconds = bench.choose(10, 3);
      double before = session.replicator().cpuSeconds();
      Thread.sleep(seconds * 1000L);
      return new Tuned(load, (session.replicator().cpuSeconds() - before) * 100 / seconds);
    }
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.1f %%", value);
  }

  /** The line before has 10 ms. */
  private static void curve(Bench bench, Store store) throws InterruptedException {
    for (int millis : new int[] {100, 1000, 5000}) {
      bench
          .table()
          .note(
              String.format(Locale.ROOT, "lag against PUTs, S3, 100/s, both at %,d ms", millis),
              bench.both("curve", c -> load(bench, c, store, Duration.ofMillis(millis), 100)),
              Load::visibleText);
    }
  }

  private static Load load(
      Bench bench, Contender contender, Store store, Duration interval, int rate)
      throws IOException, SQLException, InterruptedException {
    try (Session session = bench.session(contender, store, "tuned", Optional.of(interval))) {
      return session.rate(rate, bench.choose(15, 4));
    }
  }
}
