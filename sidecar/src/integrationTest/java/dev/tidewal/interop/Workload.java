package dev.tidewal.interop;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.SplittableRandom;
import org.sqlite.SQLiteConnection;

/** An application that writes, changes, deletes and vacuums, in this process. */
final class Workload implements AutoCloseable {
  private final Connection connection;
  private final SplittableRandom random;

  Workload(Path database, long seed) throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    random = new SplittableRandom(seed);
    execute("PRAGMA busy_timeout=10000");
    execute("PRAGMA journal_mode=WAL");
    execute("CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, a TEXT, b BLOB)");
    execute("CREATE INDEX IF NOT EXISTS t_a ON t(a)");
  }

  /** Writes for a while, in small transactions with pauses. */
  void write(Duration duration) throws SQLException, InterruptedException {
    long end = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() < end) {
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO t(a,b) VALUES(?,?)")) {
        for (int i = random.nextInt(30); i >= 0; i--) {
          byte[] body = new byte[random.nextInt(2000)];
          random.nextBytes(body);
          insert.setString(1, "a" + random.nextInt(1000));
          insert.setBytes(2, body);
          insert.executeUpdate();
        }
      }
      if (random.nextInt(10) == 0) {
        execute("DELETE FROM t WHERE id % 7 = " + random.nextInt(7) + " AND id > 50");
      }
      connection.commit();
      connection.setAutoCommit(true);
      Thread.sleep(random.nextInt(40));
    }
  }

  /** The database as this application sees it, page by page. */
  byte[] content() throws SQLException {
    return connection.unwrap(SQLiteConnection.class).serialize("main");
  }

  /** Ends the application with everything in the database file. */
  void checkpoint() {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
            return row.next() && row.getInt(1) == 0;
          }
        });
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
