package dev.tidewal.crash;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.random.RandomGenerator;

/**
 * A database whose every committed state proves itself: table {@code ledger} says how many
 * transactions there were and the XOR of the hashes of all rows of {@code item}.
 *
 * <p>A restored file that mixes two histories, lacks a page or holds an old one fails {@link
 * #verify}, even where {@code integrity_check} says ok.
 */
final class Ledger implements AutoCloseable {
  /** Older rows go, so that the last of many rounds takes as long as the first. */
  private static final long KEPT_ROWS = 50_000;

  private final Connection connection;
  private long transactions;
  private long proof;
  private long nextId;

  Ledger(Path database, int busyTimeoutMillis, int autocheckpointPages) throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    execute("PRAGMA busy_timeout=" + busyTimeoutMillis);
    execute("PRAGMA journal_mode=WAL");
    execute("PRAGMA synchronous=NORMAL");
    execute("PRAGMA wal_autocheckpoint=" + autocheckpointPages);
    execute("CREATE TABLE IF NOT EXISTS item(id INTEGER PRIMARY KEY, kind TEXT, body BLOB)");
    execute("CREATE INDEX IF NOT EXISTS item_kind ON item(kind, id)");
    execute(
        "CREATE TABLE IF NOT EXISTS ledger(one INTEGER PRIMARY KEY CHECK(one=1), transactions, proof)");
    execute("INSERT OR IGNORE INTO ledger VALUES(1,0,0)");
    load();
  }

  /**
   * What a database says about itself.
   *
   * @param transactions how many there were
   * @param proof XOR of all row hashes, recorded by the last transaction
   */
  record State(long transactions, long proof) {}

  State state() {
    return new State(transactions, proof);
  }

  /**
   * One transaction: some inserts, updates and deletes, sometimes large, sometimes rolled back
   * first.
   */
  void transact(RandomGenerator random) throws SQLException {
    if (random.nextInt(20) == 0) {
      execute("BEGIN IMMEDIATE");
      change(random, 1 + random.nextInt(200));
      execute("ROLLBACK");
      load();
    }
    execute("BEGIN IMMEDIATE");
    try {
      int operations = random.nextInt(50) == 0 ? 2000 : 1 + random.nextInt(8);
      change(random, operations);
      transactions++;
      execute("UPDATE ledger SET transactions=" + transactions + ", proof=" + proof);
      execute("COMMIT");
    } catch (SQLException e) {
      execute("ROLLBACK");
      load();
      throw e;
    }
  }

  void checkpoint(String mode) throws SQLException {
    execute("PRAGMA wal_checkpoint(" + mode + ")");
  }

  void vacuum() throws SQLException {
    execute("VACUUM");
  }

  /**
   * Proves that a file is one committed state.
   *
   * @throws AssertionError with what differs
   */
  static State verify(Path database) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      State state;
      try (ResultSet row = statement.executeQuery("SELECT transactions, proof FROM ledger")) {
        if (!row.next()) {
          throw new AssertionError(database + ": no ledger");
        }
        state = new State(row.getLong(1), row.getLong(2));
      }
      long proof = 0;
      try (ResultSet rows = statement.executeQuery("SELECT id, kind, body FROM item NOT INDEXED")) {
        while (rows.next()) {
          proof ^= hash(rows.getLong(1), rows.getString(2), rows.getBytes(3));
        }
      }
      if (proof != state.proof) {
        throw new AssertionError(
            database + ": transaction " + state.transactions + " has other rows than it committed");
      }
      try (ResultSet check = statement.executeQuery("PRAGMA integrity_check")) {
        if (!check.next() || !"ok".equals(check.getString(1))) {
          throw new AssertionError(database + ": integrity_check: " + check.getString(1));
        }
      }
      return state;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private void change(RandomGenerator random, int operations) throws SQLException {
    for (int i = 0; i < operations; i++) {
      switch (random.nextInt(10)) {
        case 0, 1 -> delete(pick(random));
        case 2, 3 -> {
          long id = pick(random);
          delete(id);
          insert(id, random);
        }
        default -> {
          delete(nextId - KEPT_ROWS);
          insert(nextId++, random);
        }
      }
    }
  }

  private long pick(RandomGenerator random) {
    return nextId == 0 ? 0 : random.nextLong(Math.max(0, nextId - 3000), nextId);
  }

  private void insert(long id, RandomGenerator random) throws SQLException {
    byte[] body = new byte[random.nextInt(40) == 0 ? 20_000 : random.nextInt(300)];
    random.nextBytes(body);
    String kind = "k" + random.nextInt(50);
    try (PreparedStatement statement =
        connection.prepareStatement("INSERT OR IGNORE INTO item VALUES(?,?,?)")) {
      statement.setLong(1, id);
      statement.setString(2, kind);
      statement.setBytes(3, body);
      if (statement.executeUpdate() == 1) {
        proof ^= hash(id, kind, body);
        nextId = Math.max(nextId, id + 1);
      }
    }
  }

  private void delete(long id) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("DELETE FROM item WHERE id=? RETURNING kind, body")) {
      statement.setLong(1, id);
      try (ResultSet row = statement.executeQuery()) {
        if (row.next()) {
          proof ^= hash(id, row.getString(1), row.getBytes(2));
        }
      }
    }
  }

  private void load() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT transactions, proof, (SELECT coalesce(max(id)+1,0) FROM item) FROM ledger")) {
      row.next();
      transactions = row.getLong(1);
      proof = row.getLong(2);
      nextId = row.getLong(3);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long hash(long id, String kind, byte[] body) {
    long hash = id * 0x9E3779B97F4A7C15L ^ kind.hashCode() * 0xC2B2AE3D27D4EB4FL;
    for (byte b : body) {
      hash = Long.rotateLeft(hash ^ (b & 0xff), 23) * 0x9E3779B97F4A7C15L;
    }
    return hash ^ hash >>> 29;
  }
}
