package dev.tidewal.restore;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;

/** An application that writes: inserts, updates, deletes, large transactions, VACUUM. */
final class LoadedDatabase {
  private final Path file;
  private final Random random;

  LoadedDatabase(Path file, long seed) throws SQLException {
    this.file = file;
    this.random = new Random(seed);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = connection.createStatement()) {
      sql.execute("PRAGMA journal_mode=WAL");
      sql.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v, pad)");
      sql.execute("CREATE INDEX i ON t(v)");
      insert(sql, 2_000);
    }
  }

  void write(Duration time) throws SQLException, InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    try (Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=30000")) {
      while (System.nanoTime() < end) {
        change(connection);
        Thread.sleep(random.nextInt(20));
      }
    }
  }

  /** A statement of its own each time: VACUUM needs the one before to be closed. */
  private void change(Connection connection) throws SQLException {
    try (Statement sql = connection.createStatement()) {
      switch (random.nextInt(20)) {
        case 0 -> insert(sql, 1_000);
        case 1 -> sql.execute("DELETE FROM t WHERE id % 11 = " + random.nextInt(11));
        case 2 -> sql.execute("VACUUM");
        case 3, 4, 5 -> sql.execute("UPDATE t SET v = v + 1 WHERE id % 97 = " + random.nextInt(97));
        default -> insert(sql, 1 + random.nextInt(5));
      }
    }
  }

  void checkpoint() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=30000");
        Statement sql = connection.createStatement()) {
      sql.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
  }

  private void insert(Statement sql, int rows) throws SQLException {
    sql.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
            + rows
            + ") INSERT INTO t SELECT NULL, i, randomblob("
            + (50 + random.nextInt(600))
            + ") FROM n");
  }
}
