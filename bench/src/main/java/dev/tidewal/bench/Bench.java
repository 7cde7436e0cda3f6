package dev.tidewal.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What every row works with.
 *
 * @param work a directory of this run; a row leaves nothing in it
 * @param quick shortened: shows that a row works, its figures mean little
 * @param contenders those that can be run
 */
record Bench(
    Path work, boolean quick, List<Contender> contenders, List<Store> stores, Table table) {

  /** One measurement of one contender. */
  interface Measurement<T> {
    T of(Contender contender) throws IOException, SQLException, InterruptedException;
  }

  /** One or the other, by the length of the run. */
  int choose(int full, int shortened) {
    return quick ? shortened : full;
  }

  long mebibytes(int full, int shortened) {
    return (long) choose(full, shortened) << 20;
  }

  /** Measures each contender; one that fails is told on stderr and leaves its cell empty. */
  <T> Pair<T> both(String what, Measurement<T> measurement) throws InterruptedException {
    return new Pair<>(
        one(what, Contender.LITESTREAM, measurement), one(what, Contender.TIDEWAL, measurement));
  }

  Session session(Contender contender, Store store, String name, Optional<Duration> interval)
      throws IOException, SQLException, InterruptedException {
    String replica = contender.name() + "-" + name;
    return new Session(contender, work.resolve(replica), replica, store, interval);
  }

  /** Measures one contender; as {@link #both}. */
  <T> Optional<T> one(String what, Contender contender, Measurement<T> measurement)
      throws InterruptedException {
    if (!contenders.contains(contender)) {
      return Optional.empty();
    }
    try {
      return Optional.of(measurement.of(contender));
    } catch (IOException | SQLException e) {
      System.err.println(what + ", " + contender + ": " + e);
      return Optional.empty();
    }
  }

  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
