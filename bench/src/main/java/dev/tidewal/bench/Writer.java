package dev.tidewal.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The application: rows of about 200 bytes, one row a commit at a rate, or many rows a commit flat
 * out.
 *
 * <p>After each commit it reads the WAL's salts and length from the wal-index ({@code -shm}), so
 * that a watcher can tell which commits an LTX file holds. The mapping stays for the life of the
 * process: closing a descriptor of that file would drop SQLite's locks.
 */
final class Writer implements AutoCloseable {
  private static final int PAGE_BYTES = 4096;

  private final Connection connection;
  private final MappedByteBuffer shm;
  private final SplittableRandom random = new SplittableRandom(42);
  private final List<Commit> commits = new ArrayList<>();

  /**
   * One commit.
   *
   * @param nanos when it returned
   * @param tookNanos how long it took
   * @param salt first salt of its WAL
   * @param walEnd the byte after its last frame
   */
  record Commit(long nanos, long tookNanos, int salt, long walEnd) {}

  Writer(Path database) throws SQLException, IOException {
    connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    execute("PRAGMA busy_timeout=5000");
    execute("PRAGMA journal_mode=WAL");
    execute("PRAGMA synchronous=NORMAL");
    execute("CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, a TEXT, b BLOB)");
    execute("INSERT INTO t(a) VALUES('first')");
    FileChannel channel = new RandomAccessFile(database + "-shm", "r").getChannel();
    shm = channel.map(FileChannel.MapMode.READ_ONLY, 0, 4096);
    shm.order(ByteOrder.LITTLE_ENDIAN);
  }

  List<Commit> commits() {
    return List.copyOf(commits);
  }

  void forget() {
    commits.clear();
  }

  /** One row a commit, {@code perSecond} of them evenly, for {@code seconds}. */
  void writeAtRate(double perSecond, double seconds) throws SQLException, InterruptedException {
    long start = System.nanoTime();
    long count = Math.round(perSecond * seconds);
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t(a,b) VALUES(?,?)")) {
      for (long i = 0; i < count; i++) {
        sleepUntil(start + (long) (i * 1e9 / perSecond));
        long before = System.nanoTime();
        bind(insert);
        insert.executeUpdate();
        record(before);
      }
    }
  }

  /**
   * Transactions of {@code rows} rows, one after the other, until about {@code bytes} were written.
   */
  void writeFlatOut(long bytes, int rows) throws SQLException {
    writeFlatOut(bytes, rows, Duration.ofHours(1));
  }

  /** The same, but at most for a time. */
  void writeFlatOut(long bytes, int rows, Duration limit) throws SQLException {
    long end = System.nanoTime() + limit.toNanos();
    connection.setAutoCommit(false);
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t(a,b) VALUES(?,?)")) {
      for (long written = 0; written < bytes && System.nanoTime() < end; written += rows * 230L) {
        long before = System.nanoTime();
        for (int i = 0; i < rows; i++) {
          bind(insert);
          insert.executeUpdate();
        }
        connection.commit();
        record(before);
      }
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** Holds a read transaction on a connection of its own. */
  static Connection reader(Path database) throws SQLException {
    Connection reader = DriverManager.getConnection("jdbc:sqlite:" + database);
    reader.setAutoCommit(false);
    try (Statement statement = reader.createStatement()) {
      statement.executeQuery("SELECT count(*) FROM t").close();
    }
    return reader;
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private void bind(PreparedStatement insert) throws SQLException {
    byte[] body = new byte[100];
    random.nextBytes(body);
    insert.setString(1, "row of half compressible text ".repeat(3));
    insert.setBytes(2, body);
  }

  private void record(long before) {
    long now = System.nanoTime();
    long frames = Integer.toUnsignedLong(shm.getInt(16));
    int salt = Integer.reverseBytes(shm.getInt(32));
    commits.add(new Commit(now, now - before, salt, 32 + frames * (24L + PAGE_BYTES)));
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    long left = nanos - System.nanoTime();
    if (left > 0) {
      Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
    }
  }
}
