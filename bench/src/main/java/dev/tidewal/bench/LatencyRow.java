package dev.tidewal.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/** From a commit to its file in the store, with defaults: a lone commit, then rates. */
final class LatencyRow implements Row {
  @Override
  public void measure(Bench bench) throws InterruptedException {
    for (Store store : bench.stores()) {
      Pair<Rates> pair = bench.both("latency, " + store.title(), c -> rates(bench, c, store));
      lines(bench.table(), store, pair);
    }
  }

  private record Rates(Load lone, Load ten, Load hundred, Load thousand) {}

  private static Rates rates(Bench bench, Contender contender, Store store)
      throws IOException, SQLException, InterruptedException {
    try (Session session = bench.session(contender, store, "latency", Optional.empty())) {
      int seconds = bench.choose(20, 4);
      return new Rates(
          session.rate(0.2, bench.choose(70, 10)),
          session.rate(10, seconds),
          session.rate(100, seconds),
          session.rate(1000, seconds));
    }
  }

  private static void lines(Table table, Store store, Pair<Rates> pair) {
    String on = "visible p50 / p99, " + store.title() + ", ";
    table.bound(
        on + "lone commits (0.2/s)",
        pair,
        r -> r.lone().visibleText(),
        "<= 10 / 50 ms",
        r -> r.lone().visible().p50() <= 10 && r.lone().visible().p99() <= 50);
    if (store.countsRequests()) {
      String target = "p50 <= peer's at no more PUTs";
      table.ratio(
          on + "10/s",
          pair,
          r -> r.ten().visibleText(),
          target,
          (peer, ours) -> noSlower(peer.ten(), ours.ten(), 1.0, 1.0));
      table.ratio(
          on + "100/s",
          pair,
          r -> r.hundred().visibleText(),
          target,
          (peer, ours) -> noSlower(peer.hundred(), ours.hundred(), 1.0, 1.0));
      table.ratio(
          on + "1,000/s",
          pair,
          r -> r.thousand().visibleText(),
          "p50 <= 0.3x at no more PUTs, or 1.0x at a quarter",
          (peer, ours) ->
              noSlower(peer.thousand(), ours.thousand(), 0.3, 1.0)
                  || noSlower(peer.thousand(), ours.thousand(), 1.0, 0.25));
    } else {
      table.bound(
          on + "10/s",
          pair,
          r -> r.ten().visibleText(),
          "p50 <= 10 ms",
          r -> r.ten().visible().p50() <= 10);
      table.bound(
          on + "100/s",
          pair,
          r -> r.hundred().visibleText(),
          "p50 <= 60 ms",
          r -> r.hundred().visible().p50() <= 60);
      table.bound(
          on + "1,000/s",
          pair,
          r -> r.thousand().visibleText(),
          "p50 <= 110 ms",
          r -> r.thousand().visible().p50() <= 110);
    }
    table.ratio(
        "CPU seconds a GB of WAL, " + store.title() + ", 1,000/s",
        pair,
        r -> r.thousand().cpuText(),
        "<= peer",
        (peer, ours) ->
            ours.thousand().cpuSecondsAGigabyte() <= peer.thousand().cpuSecondsAGigabyte());
    table.bound(
        "RSS busy, " + store.title() + ", 1,000/s",
        pair,
        r -> r.thousand().memoryText(),
        "<= 128 MB",
        r -> r.thousand().peakRssMebibytes() * 1.048576 <= 128);
  }

  private static boolean noSlower(Load peer, Load ours, double latency, double puts) {
    return ours.visible().p50() <= latency * peer.visible().p50()
        && ours.putsAMinute() <= puts * peer.putsAMinute();
  }
}
