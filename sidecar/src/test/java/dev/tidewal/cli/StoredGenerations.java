package dev.tidewal.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import net.jpountz.lz4.LZ4FrameOutputStream;

/**
 * A file replica as Litestream 0.3 lays it out: one generation, a snapshot of an empty table, and
 * one WAL for each row. Objects are stored a second apart from {@link #BEGIN} on.
 */
final class StoredGenerations {
  static final String GENERATION = "0123456789abcdef";
  static final Instant BEGIN = Instant.parse("2024-05-01T10:00:00Z");

  private final Path replica;
  private int objects;

  StoredGenerations(Path directory, int rows) throws IOException, SQLException {
    this.replica = directory.resolve("replica");
    Path file = directory.resolve("old.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = connection.createStatement()) {
      sql.execute("PRAGMA journal_mode=WAL");
      sql.execute("PRAGMA wal_autocheckpoint=0");
      sql.execute("CREATE TABLE t (x)");
      for (int index = 0; index < rows; index++) {
        sql.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        if (index == 0) {
          store(file, "snapshots/00000000.snapshot.lz4");
        }
        sql.execute("INSERT INTO t VALUES (1)");
        store(Path.of(file + "-wal"), String.format("wal/%08x_00000000.wal.lz4", index));
      }
    }
  }

  String url() {
    return "file://" + replica;
  }

  private void store(Path content, String name) throws IOException {
    Path path = replica.resolve("generations/" + GENERATION + "/" + name);
    Files.createDirectories(path.getParent());
    try (OutputStream out = new LZ4FrameOutputStream(Files.newOutputStream(path))) {
      Files.copy(content, out);
    }
    Files.setLastModifiedTime(path, FileTime.from(BEGIN.plusSeconds(objects++)));
  }
}
