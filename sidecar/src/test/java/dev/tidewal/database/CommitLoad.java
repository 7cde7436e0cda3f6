package dev.tidewal.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;

/**
 * A process that commits and measures how long each commit takes: arguments are the database, rows
 * a commit, commits a second (0: flat out), megabytes after which it ends, seconds after which it
 * ends, and the synchronous mode. Prints commits, failures, p50, p99 and maximum in microseconds.
 */
final class CommitLoad {
  private static final int ROW_BYTES = 200;

  private CommitLoad() {}

  public static void main(String[] args) throws SQLException {
    int rows = Integer.parseInt(args[1]);
    int perSecond = Integer.parseInt(args[2]);
    long megabytes = Long.parseLong(args[3]);
    long seconds = Long.parseLong(args[4]);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + args[0]);
        Statement statement = connection.createStatement()) {
      statement.execute("pragma journal_mode=wal");
      statement.execute("pragma synchronous=" + args[5]);
      statement.execute("pragma busy_timeout=5000");
      statement.execute("create table if not exists load(id integer primary key, x blob)");
      connection.setAutoCommit(false);
      long maxCommits = Math.min(5_000_000, (megabytes << 20) / ((long) rows * ROW_BYTES) + 1);
      run(connection, rows, perSecond, maxCommits, seconds);
    }
  }

  private static void run(
      Connection connection, int rows, int perSecond, long maxCommits, long seconds)
      throws SQLException {
    long[] micros = new long[(int) maxCommits];
    int commits = 0;
    int failures = 0;
    byte[] row = new byte[ROW_BYTES];
    new java.util.Random(1).nextBytes(row);
    long begin = System.nanoTime();
    try (PreparedStatement insert = connection.prepareStatement("insert into load(x) values(?)")) {
      while (commits < maxCommits && System.nanoTime() - begin < seconds * 1_000_000_000L) {
        if (perSecond > 0) {
          long due = begin + commits * (1_000_000_000L / perSecond);
          while (System.nanoTime() < due) {
            java.util.concurrent.locks.LockSupport.parkNanos(due - System.nanoTime());
          }
        }
        long start = System.nanoTime();
        try {
          for (int i = 0; i < rows; i++) {
            insert.setBytes(1, row);
            insert.execute();
          }
          connection.commit();
        } catch (SQLException e) {
          failures++;
          connection.rollback();
        }
        micros[commits++] = (System.nanoTime() - start) / 1000;
      }
    }
    double took = (System.nanoTime() - begin) / 1e9;
    long[] sorted = Arrays.copyOf(micros, commits);
    Arrays.sort(sorted);
    System.out.printf(
        "%d commits in %.1f s, %d failed, p50 %d us, p99 %d us, p99.9 %d us, max %d us%n",
        commits,
        took,
        failures,
        sorted[commits / 2],
        sorted[(int) (commits * 0.99)],
        sorted[(int) (commits * 0.999)],
        sorted[commits - 1]);
  }
}
