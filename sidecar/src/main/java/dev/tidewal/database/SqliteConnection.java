package dev.tidewal.database;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/**
 * One of our connections: never creates the file, never waits for a lock, never checkpoints by
 * itself, and keeps only page 1 in memory. Not thread-safe.
 *
 * <p>A read-only connection, when it is closed last, can't take the exclusive lock that {@code
 * sqlite3WalClose} asks for before it checkpoints and deletes the WAL (its descriptor is
 * read-only). So the read-only one is always opened first and closed last.
 */
final class SqliteConnection implements Closeable {
  private static final Logger LOG = System.getLogger(SqliteConnection.class.getName());

  private final Connection connection;
  private final PreparedStatement begin;
  private final PreparedStatement beginImmediate;
  private final PreparedStatement read;
  private final PreparedStatement rollback;
  private @Nullable PreparedStatement noop;
  private @Nullable PreparedStatement passive;
  private boolean inTransaction;

  private SqliteConnection(Connection connection) throws SQLException {
    this.connection = connection;
    try (Statement statement = connection.createStatement()) {
      // None of these reads the file: a lock or a strange schema must not keep us from opening it.
      statement.execute("pragma wal_autocheckpoint=0");
      // Checkpoints read the schema; one that this SQLite can't parse must not stop them. Nothing
      // is ever written through this connection.
      statement.execute("pragma writable_schema=on");
    }
    begin = connection.prepareStatement("begin");
    beginImmediate = connection.prepareStatement("begin immediate");
    // Reads page 1, so it takes a read mark, but needs no schema.
    read = connection.prepareStatement("pragma schema_version");
    rollback = connection.prepareStatement("rollback");
  }

  static SqliteConnection readOnly(Path database) throws IOException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    return open(database, "ro", config);
  }

  static SqliteConnection readWrite(Path database) throws IOException {
    SQLiteConfig config = new SQLiteConfig();
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    return open(database, "rw", config);
  }

  private static SqliteConnection open(Path database, String mode, SQLiteConfig config)
      throws IOException {
    config.setBusyTimeout(0);
    // A URI, because the driver takes a question mark in a plain name for the start of settings.
    URI uri = database.toAbsolutePath().toUri();
    String url = "jdbc:sqlite:file:" + uri.getRawPath() + "?mode=" + mode;
    try {
      Connection connection = config.createConnection(url);
      try {
        return new SqliteConnection(connection);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw failure(database.toString(), e);
    }
  }

  /** Starts a read transaction; false when another connection is in the way for the moment. */
  boolean pin() throws IOException {
    return start(begin);
  }

  /** Takes the write lock; false when another connection has it. */
  boolean lock() throws IOException {
    return start(beginImmediate);
  }

  private boolean start(PreparedStatement how) throws IOException {
    try {
      how.execute();
      inTransaction = true;
      try (ResultSet row = read.executeQuery()) {
        row.next();
      }
      return true;
    } catch (SQLException e) {
      end();
      if (isBusy(e)) {
        return false;
      }
      throw failure("read transaction", e);
    }
  }

  /**
   * Has this connection keep a single page in memory, where SQLite allocates 20 at once (87 KB),
   * and ends its transaction. Setting that reads the schema, which is forgotten again; where it
   * can't be read, the pages stay. Source: pcache1InitBulk in pcache1.c.
   */
  void keepLittle() throws IOException {
    try (Statement statement = connection.createStatement()) {
      setCacheSize(statement);
      statement.execute("pragma writable_schema=reset");
      statement.execute("pragma writable_schema=on");
      end();
      statement.execute("pragma shrink_memory");
    } catch (SQLException e) {
      throw failure("cache size", e);
    }
  }

  private static void setCacheSize(Statement statement) {
    try {
      statement.execute("pragma cache_size=1");
    } catch (SQLException e) {
      LOG.log(Level.DEBUG, "the cache keeps its size: {0}", e.getMessage());
    }
  }

  /** Ends the transaction, if there is one. */
  void end() throws IOException {
    if (!inTransaction) {
      return;
    }
    inTransaction = false;
    try {
      rollback.execute();
    } catch (SQLException e) {
      throw failure("end of a transaction", e);
    }
  }

  boolean isInTransaction() {
    return inTransaction;
  }

  /** Counts frames; touches nothing and takes no lock (SQLite 3.51). */
  Checkpoint noop() throws IOException {
    try {
      if (noop == null) {
        noop = connection.prepareStatement("pragma wal_checkpoint(noop)");
      }
      return checkpoint(noop);
    } catch (SQLException e) {
      return busyOr(e);
    }
  }

  /** Copies what readers allow into the database file, and syncs both files; waits for nobody. */
  Checkpoint passive() throws IOException {
    try {
      if (passive == null) {
        passive = connection.prepareStatement("pragma wal_checkpoint(passive)");
      }
      return checkpoint(passive);
    } catch (SQLException e) {
      return busyOr(e);
    }
  }

  /** Copies everything and cuts the WAL file to nothing; waits for nobody. */
  Checkpoint truncate() throws IOException {
    return checkpoint(WalCheckpoint.Mode.TRUNCATE);
  }

  /** In any mode, as an application does; waits for nobody. */
  Checkpoint checkpoint(WalCheckpoint.Mode mode) throws IOException {
    try (PreparedStatement statement =
        connection.prepareStatement("pragma wal_checkpoint(" + mode + ")")) {
      return checkpoint(statement);
    } catch (SQLException e) {
      return busyOr(e);
    }
  }

  private static Checkpoint checkpoint(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      row.next();
      return new Checkpoint(row.getInt(1) != 0, row.getLong(2), row.getLong(3));
    }
  }

  private static Checkpoint busyOr(SQLException e) throws IOException {
    if (isBusy(e)) {
      return new Checkpoint(true, -1, -1);
    }
    throw failure("checkpoint", e);
  }

  /** The first column of the first row of a pragma, as text. */
  String pragma(String sql) throws IOException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("pragma " + sql)) {
      return row.next() ? row.getString(1) : "";
    } catch (SQLException e) {
      throw failure("pragma " + sql, e);
    }
  }

  /** Ends the transaction too; SQLite does that by itself. */
  @Override
  public void close() throws IOException {
    inTransaction = false;
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure("close", e);
    }
  }

  private static boolean isBusy(SQLException e) {
    int primary = e.getErrorCode() & 0xff;
    return primary == SQLiteErrorCode.SQLITE_BUSY.code
        || primary == SQLiteErrorCode.SQLITE_LOCKED.code
        // Too many attempts to read a WAL index that changes all the time (walTryBeginRead).
        || primary == SQLiteErrorCode.SQLITE_PROTOCOL.code;
  }

  private static SqliteFailure failure(String what, SQLException e) {
    SQLiteErrorCode code =
        e instanceof SQLiteException sqlite
            ? sqlite.getResultCode()
            : SQLiteErrorCode.UNKNOWN_ERROR;
    return new SqliteFailure(what, code, e);
  }

  /**
   * What a checkpoint answered.
   *
   * @param busy another connection was in the way: the counts are not known
   * @param frames committed frames in the WAL
   * @param backfilled how many of them are in the database file
   */
  record Checkpoint(boolean busy, long frames, long backfilled) {
    boolean isComplete() {
      return !busy && frames == backfilled;
    }
  }
}
