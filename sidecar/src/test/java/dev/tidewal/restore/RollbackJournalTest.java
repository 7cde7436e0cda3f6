package dev.tidewal.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RollbackJournalTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {512, 4096, 65536})
  void sqlitePutsTheOldPagesBackAfterACrash(int pageSize) throws Exception {
    Path database = database(pageSize);
    byte[] before = Files.readAllBytes(database);
    try (RollbackJournal journal = RollbackJournal.create(database, pageSize)) {
      for (int pgno = 1; pgno <= before.length / pageSize; pgno += 2) {
        journal.add(pgno, page(before, pgno, pageSize));
      }
      journal.arm(before.length / pageSize);
    }
    scribbleOnOddPages(database, before.length, pageSize);

    readWithSqlite(database);

    assertThat(database).hasBinaryContent(before);
    assertThat(RollbackJournal.pathOf(database)).doesNotExist();
  }

  @Test
  void aJournalThatWasNotArmedChangesNothing() throws Exception {
    Path database = database(4096);
    byte[] before = Files.readAllBytes(database);
    try (RollbackJournal journal = RollbackJournal.create(database, 4096)) {
      journal.add(1, new byte[4096]);
    }

    readWithSqlite(database);

    assertThat(database).hasBinaryContent(before);
  }

  private void scribbleOnOddPages(Path database, int size, int pageSize) throws IOException {
    byte[] noise = new byte[pageSize];
    Arrays.fill(noise, (byte) 0x5a);
    try (FileChannel channel = FileChannel.open(database, StandardOpenOption.WRITE)) {
      for (int pgno = 1; pgno <= size / pageSize + 4; pgno += 2) {
        channel.write(ByteBuffer.wrap(noise), (pgno - 1L) * pageSize);
      }
    }
  }

  private Path database(int pageSize) throws SQLException {
    Path path = directory.resolve("app.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA page_size=" + pageSize);
      statement.execute("CREATE TABLE t (v)");
      statement.execute(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)"
              + " INSERT INTO t SELECT randomblob(900) FROM n");
    }
    return path;
  }

  private static void readWithSqlite(Path path) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT count(*) FROM t");
    }
  }

  private static byte[] page(byte[] file, int pgno, int pageSize) {
    return Arrays.copyOfRange(file, (pgno - 1) * pageSize, pgno * pageSize);
  }
}
