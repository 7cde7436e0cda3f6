package dev.tidewal.compact;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A real database in WAL mode whose states become batches: after each change it is checkpointed and
 * the pages that differ are uploaded.
 */
final class SqliteReplica implements Ownership, AutoCloseable {
  private static final int PAGE_SIZE = 4096;

  final Map<Long, byte[]> states = new HashMap<>();
  final Map<Long, Instant> timestamps = new HashMap<>();

  private final BatchWriter writer;
  private final Path file;
  private final Connection connection;
  private final Random random;
  private SortedMap<Long, byte[]> pages = new TreeMap<>();
  private Txid head = Txid.ZERO;

  SqliteReplica(ReplicaClient client, Path directory, long seed) throws SQLException {
    this.writer = new BatchWriter(client, directory);
    this.file = directory.resolve("source.db");
    this.random = new Random(seed);
    this.connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    sql("PRAGMA journal_mode=WAL");
    sql("CREATE TABLE t(id INTEGER PRIMARY KEY, v BLOB)");
    sql("CREATE INDEX i ON t(v)");
  }

  Txid head() {
    return head;
  }

  /** Changes the database and uploads the difference. */
  ObjectInfo write(Instant timestamp) throws SQLException, IOException {
    for (int i = random.nextInt(1, 20); i > 0; i--) {
      sql("INSERT INTO t(v) VALUES (randomblob(300))");
    }
    if (random.nextInt(4) == 0) {
      sql("DELETE FROM t WHERE id % 3 = " + random.nextInt(3));
    }
    if (random.nextInt(6) == 0) {
      sql("VACUUM");
    }
    return claim(timestamp);
  }

  /** A batch without pages when nothing was changed. */
  ObjectInfo claim(Instant timestamp) throws SQLException, IOException {
    sql("PRAGMA wal_checkpoint(TRUNCATE)");
    return append(timestamp, Files.readAllBytes(file));
  }

  private ObjectInfo append(Instant timestamp, byte[] content) {
    SortedMap<Long, byte[]> now = new TreeMap<>();
    SortedMap<Long, byte[]> changed = new TreeMap<>();
    for (int at = 0; at < content.length; at += PAGE_SIZE) {
      long pgno = at / PAGE_SIZE + 1L;
      byte[] page = Arrays.copyOfRange(content, at, at + PAGE_SIZE);
      now.put(pgno, page);
      if (!Arrays.equals(page, pages.get(pgno))) {
        changed.put(pgno, page);
      }
    }
    pages = now;
    head = head.next();
    states.put(head.value(), content);
    timestamps.put(head.value(), timestamp);
    return writer.write(
        LtxName.batch(head),
        timestamp,
        new BatchWriter.State(PAGE_SIZE, now.size(), BatchWriter.rolling(now)),
        changed);
  }

  private void sql(String text) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  @Override
  public void assure() {}

  @Override
  public Txid acknowledged() {
    return head;
  }

  @Override
  public String ownerId() {
    return BatchWriter.OWNER;
  }

  @Override
  public Optional<String> clusterId() {
    return Optional.of(BatchWriter.CLUSTER);
  }

  @Override
  public List<ProtectedBranch> branches() {
    return List.of();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
