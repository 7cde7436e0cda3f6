package dev.tidewal.restore;

import static java.util.Objects.requireNonNull;

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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A reader of a followed database in a process of its own: POSIX locks don't exclude anybody in the
 * same process.
 */
final class FollowReader implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;

  private FollowReader(String mode, Path database) throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                FollowReader.class.getName(),
                mode,
                database.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String first = requireNonNull(answers.readLine(), "the reader did not start");
    if (!first.equals("ready")) {
      throw new IOException(first);
    }
  }

  /** Keeps a read transaction open. */
  static FollowReader holdingARead(Path database) throws IOException {
    return new FollowReader("hold", database);
  }

  /** Reads all rows again and again: in one state, all columns v are equal. */
  static FollowReader checkingForMixtures(Path database) throws IOException {
    return new FollowReader("check", database);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends the reader; what it found, first the number of its reads. */
  List<String> stop() throws IOException {
    process.getOutputStream().close();
    return answers.lines().toList();
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process
        .onExit()
        .orTimeout(20, TimeUnit.SECONDS)
        .exceptionally(late -> {
          process.destroyForcibly();
          return process;
        })
        .join();
  }

  /** In the child. */
  public static void main(String[] arguments) throws Exception {
    String url = "jdbc:sqlite:" + arguments[1] + "?busy_timeout=20000";
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      if (arguments[0].equals("hold")) {
        connection.setAutoCommit(false);
        statement.executeQuery("SELECT * FROM t").next();
        System.out.println("ready");
        System.in.read();
      } else {
        System.out.println("ready");
        check(statement);
      }
    }
  }

  private static int readStop() {
    try {
      return System.in.read();
    } catch (IOException parentGone) {
      return -1;
    }
  }

  private static void check(Statement statement) throws SQLException {
    StringBuilder findings = new StringBuilder();
    int reads = 0;
    CompletableFuture<Integer> stop = CompletableFuture.supplyAsync(FollowReader::readStop);
    while (!stop.isDone()) {
      try (ResultSet row =
          statement.executeQuery("SELECT min(v), max(v), count(*), count(length(pad)) FROM t")) {
        if (row.getInt(1) != row.getInt(2) || row.getInt(3) != row.getInt(4)) {
          findings
              .append("mixture of ")
              .append(row.getInt(1))
              .append(" and ")
              .append(row.getInt(2))
              .append('\n');
        }
      }
      if (++reads % 50 == 0) {
        try (ResultSet row = statement.executeQuery("PRAGMA integrity_check")) {
          if (!row.getString(1).equals("ok")) {
            findings.append(row.getString(1)).append('\n');
          }
        }
      }
    }
    System.out.println("reads " + reads);
    System.out.print(findings);
  }
}
