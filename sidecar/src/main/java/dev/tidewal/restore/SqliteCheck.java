package dev.tidewal.restore;

import dev.tidewal.core.TidewalException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Has SQLite examine a database file without changing it or leaving a file beside it.
 *
 * <p>The file is opened as immutable (sqlite.org/c3ref/open.html): no lock, no WAL index, nothing
 * written, also when its header says WAL mode.
 */
final class SqliteCheck {
  private SqliteCheck() {}

  /**
   * Runs the check.
   *
   * @throws TidewalException.Corrupt with SQLite's first finding
   */
  static void run(IntegrityCheck check, Path database) throws IOException {
    switch (check) {
      case NONE -> {}
      case QUICK -> pragma("quick_check", database);
      case FULL -> pragma("integrity_check", database);
    }
  }

  private static void pragma(String pragma, Path database) throws IOException {
    String url = "jdbc:sqlite:" + database.toUri().toASCIIString().replace("file:///", "file:/");
    try (Connection connection = DriverManager.getConnection(url + "?mode=ro&immutable=1");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA " + pragma + "(1)")) {
      String answer = result.next() ? result.getString(1) : "no answer";
      if (!answer.equals("ok")) {
        throw new TidewalException.Corrupt(
            "the restored database fails " + pragma + ": " + answer.lines().findFirst().orElse(""));
      }
    } catch (SQLException e) {
      throw new TidewalException.Corrupt(
          "SQLite can't read the restored database: " + e.getMessage(), e);
    }
  }
}
