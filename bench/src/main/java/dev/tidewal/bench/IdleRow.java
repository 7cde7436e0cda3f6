package dev.tidewal.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a replicator does when nothing happens, and how long a start takes. */
final class IdleRow implements Row {
  private static final int STARTS = 5;

  @Override
  public void measure(Bench bench) throws InterruptedException {
    int seconds = bench.choose(40, 8);
    for (Store store : bench.stores()) {
      String on = "idle, " + store.title() + ", " + seconds + " s, ";
      Pair<Idle> pair = bench.both("idle, " + store.title(), c -> idle(bench, c, store, seconds));
      if (store.countsRequests()) {
        bench
            .table()
            .bound(
                on + "requests",
                pair,
                idle -> idle.requests().isEmpty() ? "none" : idle.requests().toString(),
                "none",
                idle -> idle.requests().isEmpty());
      }
      bench
          .table()
          .ratio(
              on + "CPU",
              pair,
              idle -> String.format(Locale.ROOT, "%.2f s", idle.cpuSeconds()),
              "<= peer",
              (peer, ours) -> ours.cpuSeconds() <= peer.cpuSeconds());
      bench
          .table()
          .bound(
              on + "RSS",
              pair,
              idle -> String.format(Locale.ROOT, "%.0f MiB", idle.rssMebibytes()),
              "<= 96 MB",
              idle -> idle.rssMebibytes() * 1.048576 <= 96);
    }
    bench
        .table()
        .bound(
            "start to ready (peer: to its log line), file, median of " + STARTS,
            bench.both("start", c -> startSeconds(bench, c, bench.stores().getFirst())),
            seconds1 -> String.format(Locale.ROOT, "%.2f s", seconds1),
            "<= 1 s",
            seconds1 -> seconds1 <= 1);
  }

  private record Idle(Map<String, Integer> requests, double cpuSeconds, double rssMebibytes) {}

  private static Idle idle(Bench bench, Contender contender, Store store, int seconds)
      throws IOException, SQLException, InterruptedException {
    try (Session session = bench.session(contender, store, "idle", Optional.empty())) {
      session.rate(10, 2);
      Thread.sleep(bench.choose(40, 4) * 1000L); // a compaction of what was written comes first
      Map<String, Integer> before = session.requests();
      double cpu = session.replicator().cpuSeconds();
      Thread.sleep(seconds * 1000L);
      return new Idle(
          Session.since(before, session.requests()),
          session.replicator().cpuSeconds() - cpu,
          session.replicator().rssMebibytes());
    }
  }

  private static double startSeconds(Bench bench, Contender contender, Store store)
      throws IOException, SQLException, InterruptedException {
    double[] seconds = new double[STARTS];
    String replica = contender.name() + "-start";
    Path work = Files.createDirectories(bench.work().resolve(replica));
    try (Writer writer = new Writer(work.resolve("app.db"))) {
      writer.writeFlatOut(1 << 20, 100);
      for (int i = -1; i < STARTS; i++) { // the first one makes the replica
        double took = oneStart(contender, work, store, replica);
        if (i >= 0) {
          seconds[i] = took;
        }
      }
    } finally {
      Bench.delete(work);
      Bench.delete(store.directory(replica));
    }
    Arrays.sort(seconds);
    return seconds[STARTS / 2];
  }

  private static double oneStart(Contender contender, Path work, Store store, String replica)
      throws IOException, InterruptedException {
    int port = freePort();
    Path log = contender.log(work);
    Files.deleteIfExists(log);
    long start = System.nanoTime();
    try (RunningProcess process =
        contender.replicate(work, work.resolve("app.db"), store, replica, Optional.empty(), port)) {
      while (!contender.isReady(port, log)) {
        if (!process.isAlive() || System.nanoTime() - start > 60_000_000_000L) {
          throw new IOException("did not get ready: " + Files.readString(log));
        }
        Thread.sleep(2);
      }
      double took = (System.nanoTime() - start) / 1e9;
      Thread.sleep(1500);
      return took;
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
