package dev.tidewal.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scanner against what SQLite itself writes. */
class SqliteWalTest {
  private static final String SERIES =
      "with recursive n(i) as (select 1 union all select i + 1 from n) ";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536})
  void pagesOfTheWalMakeTheDatabase(int pageSize) throws IOException, SQLException {
    try (Connection connection = open(pageSize);
        Statement sql = connection.createStatement()) {
      sql.execute("create table t(id integer primary key, x)");
      sql.execute(SERIES + "insert into t select i, hex(randomblob(300)) from n limit 200");
      sql.execute("begin");
      sql.execute("update t set x = hex(randomblob(250)) where id % 3 = 0");
      sql.execute("rollback");
      sql.execute("delete from t where id % 2 = 0");
      Path copy = directory.resolve("copy.db");

      try (FileChannel wal = FileChannel.open(directory.resolve("test.db-wal"));
          FileChannel out =
              FileChannel.open(copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        WalHeader header = WalScanner.readHeader(wal).orElseThrow();
        assertThat(header.pageSize()).isEqualTo(pageSize);
        WalScan scan = replay(wal, out, header);
        assertThat(scan.commits()).isEqualTo(3);
        assertThat(scan.commitPages()).isEqualTo(number(sql, "pragma page_count"));
      }

      sql.execute("attach '" + copy + "' as copy");
      assertThat(number(sql, "select count(*) from copy.t")).isEqualTo(100);
      assertThat(number(sql, "select count(*) from (select * from copy.t except select * from t)"))
          .isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096, 65536})
  void aRestartedWalEndsAtTheOldSalts(int pageSize) throws IOException, SQLException {
    try (Connection connection = open(pageSize);
        Statement sql = connection.createStatement()) {
      sql.execute("create table t(x)");
      sql.execute(SERIES + "insert into t select randomblob(2000) from n limit 100");
      sql.execute("pragma wal_checkpoint(restart)");
      sql.execute("insert into t values(1)");

      try (FileChannel wal = FileChannel.open(directory.resolve("test.db-wal"))) {
        WalHeader header = WalScanner.readHeader(wal).orElseThrow();
        WalScan scan =
            new WalScanner(wal, header).scan(header.start(), WalScanner.UNLIMITED, new Frames());

        assertThat(header.checkpointSequence()).isEqualTo(1);
        assertThat(scan.stop()).isEqualTo(WalScan.Stop.SALTS);
        assertThat(scan.commits()).isEqualTo(1);
        assertThat(scan.end().offset()).isLessThan(wal.size());
      }
    }
  }

  private static WalScan replay(FileChannel wal, FileChannel out, WalHeader header)
      throws IOException {
    return new WalScanner(wal, header)
        .scan(
            header.start(),
            WalScanner.UNLIMITED,
            new FrameConsumer() {
              @Override
              public void frame(long pgno, long commit, long pageOffset) throws IOException {
                ByteBuffer page = ByteBuffer.allocate(header.pageSize());
                wal.read(page, pageOffset);
                out.write(page.flip(), (pgno - 1) * header.pageSize());
              }

              @Override
              public void commit(WalPoint end, long commitPages) {}
            });
  }

  private Connection open(int pageSize) throws SQLException {
    Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("test.db"));
    try (Statement sql = connection.createStatement()) {
      sql.execute("pragma page_size = " + pageSize);
      sql.execute("pragma journal_mode = wal");
      sql.execute("pragma wal_autocheckpoint = 0");
      sql.execute("pragma cache_size = 10");
    }
    return connection;
  }

  private static long number(Statement sql, String query) throws SQLException {
    try (ResultSet result = sql.executeQuery(query)) {
      return result.getLong(1);
    }
  }
}
