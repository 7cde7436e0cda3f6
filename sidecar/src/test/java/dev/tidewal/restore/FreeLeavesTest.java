package dev.tidewal.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxHeader.WalSpan;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.ltx.LtxWriter;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreeLeavesTest {
  private static final int PAGE = 512;

  @TempDir Path directory;
  private Path database;
  private ReplicaClient replica;
  private byte[] before;
  private byte[] after;
  private PageSet leaves;

  /** A database that grew; the larger part of its new pages is free. */
  @BeforeEach
  void grow() throws IOException, SQLException {
    replica = new FileReplicaClient(directory.resolve("replica"));
    database = directory.resolve("app.db");
    sql(
        "PRAGMA page_size=" + PAGE,
        "CREATE TABLE kept(v)",
        "INSERT INTO kept VALUES(randomblob(3000))");
    before = Files.readAllBytes(database);
    sql(
        "CREATE TABLE gone AS WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)"
            + " SELECT randomblob(400) FROM n",
        "DROP TABLE gone",
        "INSERT INTO kept VALUES(randomblob(900))");
    after = Files.readAllBytes(database);
    try (FileChannel channel = FileChannel.open(database)) {
      leaves = FreeLeaves.read(channel, PAGE, after.length / PAGE);
    }
  }

  @AfterEach
  void close() {
    replica.close();
  }

  @Test
  void allFreePagesButTheTrunksAreLeaves() throws SQLException {
    long free = number("PRAGMA freelist_count");

    assertThat(free).isGreaterThan(250);
    assertThat(leaves.size()).isBetween(free - 4, free - 2);
  }

  @Test
  void theirContentMattersToNobody() throws IOException, SQLException {
    long sum = number("SELECT sum(length(v)) FROM kept");
    leaves.forEach(pgno -> Arrays.fill(after, at(pgno), at(pgno) + PAGE, (byte) 0xa5));

    Files.write(database, after);

    assertThat(number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"))
        .isOne();
    assertThat(number("SELECT sum(length(v)) FROM kept")).isEqualTo(sum);
    sql("INSERT INTO kept VALUES(randomblob(100000))");
    assertThat(number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"))
        .isOne();
  }

  @Test
  void aRestoreLeavesHolesForThem() throws IOException {
    store(1, before, pgno -> true);
    store(2, after, pgno -> !leaves.contains(pgno));

    Path output = directory.resolve("restored.db");
    RestoreReport report = restore(output);

    leaves.forEach(pgno -> Arrays.fill(after, at(pgno), at(pgno) + PAGE, (byte) 0));
    assertThat(output).hasBinaryContent(after);
    assertThat(report.databaseBytes()).isEqualTo(after.length);
  }

  @Test
  void aMissingPageInUseRefusesTheRestore() {
    long used = after.length / PAGE;
    while (leaves.contains(used)) {
      used--;
    }
    long lost = used;
    store(1, before, pgno -> true);
    store(2, after, pgno -> pgno != lost && !leaves.contains(pgno));

    Path output = directory.resolve("restored.db");

    assertThatThrownBy(() -> restore(output))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining("no object of the plan holds page " + lost);
    assertThat(output).doesNotExist();
  }

  private RestoreReport restore(Path output) throws IOException {
    return new Restorer(replica, RestoreOptions.DEFAULT, RestoreListener.NONE)
        .restore(RestoreTarget.LATEST, output);
  }

  private void store(int txid, byte[] file, LongPredicate pages) {
    LtxName name = LtxName.batch(new Txid(txid));
    replica.write(
        name,
        History.timeOnly(name.max()),
        WriteMode.REPLACE,
        1 << 20,
        out -> encode(name, file, pages, out));
  }

  private static void encode(LtxName name, byte[] file, LongPredicate pages, OutputStream out)
      throws IOException {
    LtxHeader header =
        LtxHeader.of(PAGE, file.length / PAGE, name.min(), name.max(), 1, WalSpan.NONE);
    try (LtxWriter writer = new LtxWriter(out, header, Path.of("/tmp"))) {
      for (long pgno = 1; pgno <= file.length / PAGE; pgno++) {
        if (pages.test(pgno)) {
          writer.page(pgno, file, at(pgno));
        }
      }
      writer.finish();
    }
  }

  private static int at(long pgno) {
    return (int) (pgno - 1) * PAGE;
  }

  private void sql(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private long number(String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.getLong(1);
    }
  }
}
