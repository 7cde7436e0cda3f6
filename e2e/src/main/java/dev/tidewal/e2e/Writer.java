package dev.tidewal.e2e;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Says {@code found N} at its start, and {@code committed N} after each commit, N being the number
 * of rows. Arguments: the database, and optionally how many rows to write before it ends.
 */
public final class Writer {
  private static final Duration PACE = Duration.ofMillis(50);

  private Writer() {}

  /** Writes until it is killed, or as many rows as were asked for. */
  public static void main(String[] arguments) throws SQLException, InterruptedException {
    long most = arguments.length > 1 ? Long.parseLong(arguments[1]) : Long.MAX_VALUE;
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + arguments[0]);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 5000");
      statement.execute("PRAGMA journal_mode = wal");
      statement.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, note TEXT)");
      long count = count(statement);
      System.out.println("found " + count);
      for (long written = 0; written < most; written++) {
        statement.execute("INSERT INTO t (note) VALUES ('row " + (count + 1) + "')");
        count++;
        System.out.println("committed " + count);
        Thread.sleep(PACE);
      }
    }
  }

  private static long count(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM t")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
