package dev.tidewal.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Pages of a real database: rows of words and numbers with an index, about 16 MiB. */
final class SamplePages {
  private static final String ROWS =
      """
      with recursive n(i) as (select 1 union all select i + 1 from n limit 90000)
      insert into orders
      select i, 'customer ' || abs(random() % 5000), hex(randomblob(20)),
        'shipped by road in a box of ' || (i % 12), abs(random()) / 1e9
      from n
      """;

  private SamplePages() {}

  /** The bytes of a database file with pages of {@code pageSize}. */
  static byte[] database(int pageSize) throws IOException, SQLException {
    return fileOf(pageSize, "delete", "sample.db");
  }

  /** The bytes of a WAL in which the same database was written. */
  static byte[] wal(int pageSize) throws IOException, SQLException {
    return fileOf(pageSize, "wal", "sample.db-wal");
  }

  /** Read before the connection closes, which deletes the WAL. */
  private static byte[] fileOf(int pageSize, String journal, String name)
      throws IOException, SQLException {
    Path directory = Files.createTempDirectory("tidewal-bench-");
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("sample.db"));
        Statement sql = connection.createStatement()) {
      sql.execute("pragma page_size = " + pageSize);
      sql.execute("pragma journal_mode = " + journal);
      sql.execute("pragma wal_autocheckpoint = 0");
      sql.execute("create table orders(id integer primary key, name, code, note, price)");
      sql.execute(ROWS);
      sql.execute("create index by_name on orders(name, price)");
      return Files.readAllBytes(directory.resolve(name));
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
