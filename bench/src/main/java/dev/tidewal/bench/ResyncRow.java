package dev.tidewal.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What is uploaded after kill -9, changes, an application's TRUNCATE checkpoint and a restart,
 * beside the changed pages; and whether a restore has those changes.
 */
final class ResyncRow implements Row {
  private static final int PAGE_BYTES = 4096;

  @Override
  public void measure(Bench bench) throws InterruptedException {
    for (Store store : bench.stores()) {
      bench
          .table()
          .bound(
              "uploaded after kill -9 + TRUNCATE + restart, " + store.title(),
              bench.both("resync, " + store.title(), c -> resync(bench, c, store)),
              Resync::text,
              "<= 1.2x the changed pages, restored with them",
              r -> r.uploadedBytes() <= 1.2 * r.changedBytes() && r.restored());
    }
  }

  private record Resync(long uploadedBytes, long changedBytes, boolean restored) {
    String text() {
      return String.format(
          Locale.ROOT,
          "%.2f MB for %.2f MB of pages (%.2fx)%s",
          uploadedBytes / 1e6,
          changedBytes / 1e6,
          (double) uploadedBytes / changedBytes,
          restored ? "" : ", **restore lacks the changes**");
    }
  }

  private static Resync resync(Bench bench, Contender contender, Store store)
      throws IOException, SQLException, InterruptedException {
    String replica = contender.name() + "-resync";
    Path work = Files.createDirectories(bench.work().resolve(replica));
    Path database = work.resolve("app.db");
    try {
      try (Writer writer = new Writer(database)) {
        writer.writeFlatOut(bench.mebibytes(64, 16), 2000);
        RunningProcess first =
            contender.replicate(work, database, store, replica, Optional.empty(), 0);
        try {
          awaitWhole(store, replica, Files.size(database), first);
          writer.writeAtRate(50, 2);
          ReplicaFiles.awaitQuiet(store, replica, 4);
        } finally {
          first.kill();
        }
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      }
      // The writer is closed: reading the file would otherwise drop its locks in this process.
      Path before = Files.copy(database, work.resolve("before.db"));
      change(database);
      long changed = changedPages(before, database) * PAGE_BYTES;
      Map<Path, Long> old = ReplicaFiles.sizes(store, replica);
      try (RunningProcess second =
          contender.replicate(work, database, store, replica, Optional.empty(), 0)) {
        Thread.sleep(2000);
        ReplicaFiles.awaitQuiet(store, replica, 6);
        if (!second.isAlive()) {
          throw new IOException("it ended: " + Files.readString(contender.log(work)));
        }
      }
      long uploaded = 0;
      for (Map.Entry<Path, Long> file : ReplicaFiles.sizes(store, replica).entrySet()) {
        uploaded += old.containsKey(file.getKey()) ? 0 : file.getValue();
      }
      Path restored = work.resolve("restored.db");
      int exit =
          contender.restore(work, restored, database).await(Duration.ofMinutes(2)).exitCode();
      boolean whole = exit == 0 && changedRows(restored) == changedRows(database);
      return new Resync(uploaded, changed, whole);
    } finally {
      Bench.delete(work);
      Bench.delete(store.directory(replica));
    }
  }

  private static void awaitWhole(Store store, String replica, long bytes, RunningProcess process)
      throws IOException, InterruptedException {
    for (int i = 0; i < 1200 && !ReplicaFiles.holdWhole(store, replica, bytes); i++) {
      if (!process.isAlive()) {
        throw new IOException("it ended before the first snapshot");
      }
      Thread.sleep(100);
    }
  }

  /** One row in 500, so that a small share of the pages changes; checkpointed. */
  private static void change(Path database) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE t SET a='changed' WHERE id % 500 = 0");
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
  }

  private static long changedRows(Path database) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM t WHERE a='changed'")) {
      return result.getLong(1);
    }
  }

  private static long changedPages(Path before, Path after) throws IOException {
    long changed = 0;
    try (InputStream one = Files.newInputStream(before);
        InputStream other = Files.newInputStream(after)) {
      while (true) {
        byte[] page = other.readNBytes(PAGE_BYTES);
        if (page.length == 0) {
          return changed;
        }
        changed += Arrays.equals(page, one.readNBytes(PAGE_BYTES)) ? 0 : 1;
      }
    }
  }
}
