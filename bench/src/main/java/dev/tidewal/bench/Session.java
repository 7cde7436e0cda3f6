package dev.tidewal.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One database beside one contender: a writer, the replicator, and the watcher of its L0 files. */
final class Session implements AutoCloseable {
  private static final Duration FIRST_FILE_LIMIT = Duration.ofSeconds(60);
  private static final Duration SETTLE = Duration.ofSeconds(3);

  private final Path work;
  private final String replica;
  private final Store store;
  private final Writer writer;
  private final RunningProcess replicator;
  private final BatchWatcher watcher;

  /**
   * Starts everything and waits for the first L0 file and for what follows a start to be over.
   *
   * @param work a directory of this session alone, removed at the end with the replica
   * @param interval of polling and uploads; empty leaves the defaults
   */
  Session(Contender contender, Path work, String replica, Store store, Optional<Duration> interval)
      throws IOException, SQLException, InterruptedException {
    this.work = Files.createDirectories(work);
    this.replica = replica;
    this.store = store;
    Path database = database();
    writer = new Writer(database);
    watcher = new BatchWatcher(store.level(replica, 0));
    replicator = contender.replicate(work, database, store, replica, interval, 0);
    try {
      awaitFirst(contender);
    } catch (IOException e) {
      close();
      throw e;
    }
    Thread.sleep(SETTLE);
    writer.forget();
  }

  Path database() {
    return work.resolve("app.db");
  }

  Writer writer() {
    return writer;
  }

  RunningProcess replicator() {
    return replicator;
  }

  Map<String, Integer> requests() throws IOException {
    return store.requests();
  }

  /** Load at a rate; then waits for the last commit to become visible. */
  Load rate(double perSecond, double seconds)
      throws SQLException, InterruptedException, IOException {
    return load(seconds, () -> writer.writeAtRate(perSecond, seconds));
  }

  /** Transactions of 2,000 rows, one after the other. */
  Load flatOut(long bytes) throws SQLException, InterruptedException, IOException {
    return load(Double.NaN, () -> writer.writeFlatOut(bytes, 2000));
  }

  private interface Work {
    void run() throws SQLException, InterruptedException;
  }

  private Load load(double seconds, Work work)
      throws SQLException, InterruptedException, IOException {
    writer.forget();
    Map<String, Integer> requestsBefore = store.requests();
    int batchesBefore = watcher.batches().size();
    double cpuBefore = replicator.cpuSeconds();
    replicator.resetPeak();
    work.run();
    Thread.sleep(2500); // more than two of the peer's polls
    List<Writer.Commit> commits = writer.commits();
    List<BatchWatcher.Batch> batches = watcher.batches();
    return new Load(
        Figures.ofNanos(
            BatchWatcher.visibleNanos(commits, batches.subList(batchesBefore, batches.size()))),
        Load.commitFigures(commits),
        since(requestsBefore, store.requests()),
        seconds,
        replicator.cpuSeconds() - cpuBefore,
        replicator.peakRssMebibytes(),
        Load.walBytes(commits));
  }

  static Map<String, Integer> since(Map<String, Integer> before, Map<String, Integer> now) {
    Map<String, Integer> result = new TreeMap<>(now);
    before.forEach((operation, count) -> result.merge(operation, -count, Integer::sum));
    result.values().removeIf(count -> count == 0);
    return result;
  }

  private void awaitFirst(Contender contender) throws InterruptedException, IOException {
    long deadline = System.nanoTime() + FIRST_FILE_LIMIT.toNanos();
    while (watcher.batches().isEmpty()) {
      if (System.nanoTime() > deadline || !replicator.isAlive()) {
        throw new IOException("no L0 file appeared: " + tail(contender));
      }
      Thread.sleep(5);
    }
  }

  private String tail(Contender contender) throws IOException {
    List<String> lines = Files.readAllLines(contender.log(work));
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
  }

  @Override
  public void close() throws SQLException, IOException {
    replicator.close();
    watcher.close();
    writer.close();
    Bench.delete(work);
    Bench.delete(store.directory(replica));
  }
}
