package dev.tidewal.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.testing.Peers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that real Litestream wrote are read, and restores files that were written here. */
@Tag("integration")
class LitestreamFilesTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(ints = {512, 4096, 65536})
  void blocksOfLitestreamMergeToTheDatabase(int pageSize) throws Exception {
    readsWhatItWrote(Peers.litestream(), pageSize, PageFrame.BLOCK);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096, 65536})
  void framesOfLitestreamMergeToTheDatabase(int pageSize) throws Exception {
    readsWhatItWrote(Peers.litestream058(), pageSize, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536})
  void litestreamRestoresAChainOfOurs(int pageSize) throws Exception {
    Path replica = Files.createDirectories(directory.resolve("replica/ltx/0")).getParent();
    byte[] before = new byte[0];
    try (Connection connection = open(pageSize, "delete");
        Statement sql = connection.createStatement()) {
      sql.execute("create table t(id integer primary key, x)");
      for (int txid = 1; txid <= 5; txid++) {
        change(sql, txid);
        byte[] after = Files.readAllBytes(database());
        writeChanges(replica.resolve("0"), pageSize, txid, before, after);
        before = after;
      }
    }

    run(List.of(
            Peers.litestream().toString(),
            "restore",
            "-o",
            directory.resolve("restored.db").toString(),
            "file://" + replica.getParent()))
        .waitFor(60, TimeUnit.SECONDS);

    assertThat(directory.resolve("restored.db")).as(log()).hasBinaryContent(before);
  }

  private void readsWhatItWrote(Path litestream, int pageSize, int pageFlags) throws Exception {
    try (Connection connection = open(pageSize, "wal");
        Statement sql = connection.createStatement()) {
      sql.execute("create table t(id integer primary key, x)");
      Path config = directory.resolve("litestream.yml");
      Files.writeString(
          config,
          """
          dbs:
            - path: %s
              monitor-interval: 50ms
              replica: { type: file, path: %s, sync-interval: 50ms }
          """
              .formatted(database(), directory.resolve("replica")));
      Process process =
          run(List.of(litestream.toString(), "replicate", "-config", config.toString()));
      try {
        for (int round = 1; round <= 8 || (stored() <= 3 && round < 40); round++) {
          int before = stored();
          change(sql, round);
          for (int look = 0; look < 100 && stored() <= before; look++) {
            Thread.sleep(20); // so that it makes several files
          }
        }
      } finally {
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      }
      sql.execute("pragma wal_checkpoint(truncate)");
    }
    List<byte[]> files = files();
    assertThat(files).describedAs(log()).hasSizeGreaterThan(3);
    assertThat(files.getFirst()[105]).isEqualTo((byte) pageFlags);
    for (byte[] file : files) {
      assertThat(LtxFiles.readChunks(file).keySet()).isEqualTo(LtxFiles.read(file).keySet());
    }

    SortedMap<Long, byte[]> merged = LtxFiles.read(merge(files));

    byte[] database = Files.readAllBytes(database());
    assertThat(merged).hasSize(database.length / pageSize);
    merged.forEach((pgno, page) ->
        assertThat(page).isEqualTo(pageOf(database, pageSize, pgno.intValue() - 1)));
  }

  /** Inserts, updates, and in turn a shrink and a growth of the file. */
  private static void change(Statement sql, int round) throws SQLException {
    sql.execute(
        "with recursive n(i) as (select 1 union all select i + 1 from n limit 400)"
            + " insert into t(x) select hex(randomblob(150)) from n");
    sql.execute("update t set x = hex(randomblob(100)) where id % 50 = " + round);
    if (round % 3 == 0) {
      sql.execute("delete from t where id % 4 <> 0");
      sql.execute("vacuum");
    }
  }

  private void writeChanges(Path level, int pageSize, int txid, byte[] before, byte[] after)
      throws IOException {
    SortedMap<Long, byte[]> changed = new TreeMap<>();
    for (int i = 0; i < after.length / pageSize; i++) {
      byte[] page = pageOf(after, pageSize, i);
      if ((i + 1L) * pageSize > before.length
          || !Arrays.equals(page, pageOf(before, pageSize, i))) {
        changed.put(i + 1L, page);
      }
    }
    LtxHeader header = LtxFiles.header(pageSize, after.length / pageSize, txid, txid);
    Files.write(
        level.resolve(LtxName.batch(header.minTxid()).fileName()),
        LtxFiles.write(header, changed, directory));
  }

  private byte[] merge(List<byte[]> files) throws IOException {
    List<LtxReader> readers = new ArrayList<>();
    for (byte[] file : files) {
      readers.add(LtxFiles.reader(file));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LtxMerge.merge(readers, out, directory);
    return out.toByteArray();
  }

  private List<byte[]> files() throws IOException {
    List<byte[]> files = new ArrayList<>();
    try (var names = Files.list(directory.resolve("replica/ltx/0"))) {
      for (Path file : names.sorted().toList()) {
        files.add(Files.readAllBytes(file));
      }
    }
    return files;
  }

  private int stored() {
    String[] names =
        directory.resolve("replica/ltx/0").toFile().list((_, name) -> name.endsWith(".ltx"));
    return names == null ? 0 : names.length;
  }

  private static byte[] pageOf(byte[] file, int pageSize, int index) {
    return Arrays.copyOfRange(file, index * pageSize, (index + 1) * pageSize);
  }

  private Process run(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("litestream.log").toFile())
        .start();
  }

  private String log() throws IOException {
    return Files.readString(directory.resolve("litestream.log"));
  }

  private Path database() {
    return directory.resolve("test.db");
  }

  private Connection open(int pageSize, String journal) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
    try (Statement sql = connection.createStatement()) {
      sql.execute("pragma busy_timeout = 5000");
      sql.execute("pragma page_size = " + pageSize);
      sql.execute("pragma journal_mode = " + journal);
    }
    return connection;
  }
}
