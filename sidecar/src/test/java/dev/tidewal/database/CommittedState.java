package dev.tidewal.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The committed content of a database that nobody writes to at the moment, as SQLite itself brings
 * it together from copies of the database file and the WAL.
 */
final class CommittedState {
  private CommittedState() {}

  /** Reads through the shared descriptor: closing another one would drop this process's locks. */
  static byte[] of(Path database, Path scratch) throws IOException, SQLException {
    Files.createDirectories(scratch);
    Path copy = scratch.resolve("copy.db");
    Path wal = scratch.resolve("copy.db-wal");
    Files.deleteIfExists(scratch.resolve("copy.db-shm"));
    Files.deleteIfExists(wal);
    try (DatabaseFile file = DatabaseFile.open(database)) {
      byte[] content = new byte[Math.toIntExact(file.size())];
      file.read(0, content, 0, content.length);
      Files.write(copy, content);
    }
    Path liveWal = database.resolveSibling(database.getFileName() + "-wal");
    if (Files.exists(liveWal)) {
      Files.copy(liveWal, wal);
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
        Statement statement = connection.createStatement()) {
      statement.execute("pragma wal_checkpoint(truncate)");
    }
    return Files.readAllBytes(copy);
  }
}
