package dev.tidewal.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What runs in the process of {@link Application}: reads one command a line, answers one line.
 *
 * <p>{@code use PATH} (closes everything first), {@code open NAME TIMEOUT_MILLIS}, {@code close
 * NAME}, {@code sql NAME TEXT}, {@code until NAME MILLIS TEXT} (again and again), {@code hold NAME
 * TEXT} (a query that is left open), {@code release NAME}.
 */
final class ApplicationProcess {
  private Path database = Path.of("");
  private final Map<String, Connection> connections = new HashMap<>();
  private final Map<String, ResultSet> held = new HashMap<>();

  private ApplicationProcess() {}

  public static void main(String[] args) throws IOException {
    ApplicationProcess process = new ApplicationProcess();
    System.out.println("ready");
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      try {
        System.out.println("ok " + process.run(line));
      } catch (SQLException e) {
        System.out.println("error " + String.valueOf(e.getMessage()).replace('\n', ' '));
      }
    }
  }

  private String run(String line) throws SQLException {
    String[] words = line.split(" ", 3);
    return switch (words[0]) {
      case "use" -> {
        for (Connection connection : connections.values()) {
          connection.close();
        }
        connections.clear();
        held.clear();
        database = Path.of(line.substring(4));
        yield "";
      }
      case "open" -> open(words[1], Integer.parseInt(words[2]));
      case "close" -> {
        connection(words[1]).close();
        connections.remove(words[1]);
        yield "";
      }
      case "sql" -> sql(connection(words[1]), words[2]);
      case "until" -> {
        String[] more = words[2].split(" ", 2);
        yield until(connection(words[1]), Long.parseLong(more[0]), more[1]);
      }
      case "hold" -> {
        ResultSet rows = connection(words[1]).createStatement().executeQuery(words[2]);
        rows.next();
        held.put(words[1], rows);
        yield rows.getString(1);
      }
      case "release" -> {
        Objects.requireNonNull(held.remove(words[1])).close();
        yield "";
      }
      default -> throw new SQLException("unknown command " + line);
    };
  }

  private Connection connection(String name) {
    return Objects.requireNonNull(connections.get(name), name);
  }

  private String open(String name, int timeoutMillis) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    connections.put(name, connection);
    return sql(connection, "pragma busy_timeout=" + timeoutMillis);
  }

  private static String sql(Connection connection, String text) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (!statement.execute(text)) {
        return "";
      }
      StringBuilder row = new StringBuilder();
      try (ResultSet rows = statement.getResultSet()) {
        if (!rows.next()) {
          return "";
        }
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          row.append(i == 1 ? "" : "|").append(rows.getString(i));
        }
      }
      return row.toString();
    }
  }

  /** Answers: how often it ran, how often it failed, the longest time in microseconds. */
  private static String until(Connection connection, long millis, String text) throws SQLException {
    long end = System.nanoTime() + millis * 1_000_000;
    long runs = 0;
    long failures = 0;
    long longest = 0;
    try (Statement statement = connection.createStatement()) {
      while (System.nanoTime() < end) {
        long start = System.nanoTime();
        try {
          statement.execute(text);
        } catch (SQLException e) {
          failures++;
        }
        longest = Math.max(longest, System.nanoTime() - start);
        runs++;
      }
    }
    return runs + "|" + failures + "|" + longest / 1000;
  }
}
