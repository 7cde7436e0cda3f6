package dev.tidewal.cli;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/** The application of the demonstration: orders, one a commit, some of them changed later. */
final class DemoShop implements AutoCloseable {
  private static final int ORDERS_A_TICK = 40;
  private static final int PAUSE_MILLIS = 100;

  private final Connection connection;
  private final SplittableRandom random = new SplittableRandom(7);
  private long orders;

  private DemoShop(Connection connection) {
    this.connection = connection;
  }

  /**
   * What the database holds.
   *
   * @param checksum CRC-32C over all rows in order
   */
  record Totals(long orders, long checksum) {}

  static DemoShop open(Path database) throws SQLException {
    DemoShop shop = new DemoShop(DriverManager.getConnection("jdbc:sqlite:" + database));
    shop.execute("PRAGMA busy_timeout=5000");
    shop.execute("PRAGMA journal_mode=WAL");
    shop.execute("PRAGMA synchronous=NORMAL");
    shop.execute(
        "CREATE TABLE orders(id INTEGER PRIMARY KEY, item TEXT, cents INTEGER, note BLOB)");
    return shop;
  }

  /** Takes some orders and then a breath. */
  void sell() throws SQLException, InterruptedException {
    try (PreparedStatement insert =
            connection.prepareStatement("INSERT INTO orders(item, cents, note) VALUES(?,?,?)");
        PreparedStatement change =
            connection.prepareStatement("UPDATE orders SET cents=cents+1 WHERE id=?")) {
      for (int i = 0; i < ORDERS_A_TICK; i++) {
        byte[] note = new byte[150];
        random.nextBytes(note);
        insert.setString(1, "item " + random.nextInt(1000));
        insert.setLong(2, random.nextInt(100_000));
        insert.setBytes(3, note);
        insert.executeUpdate();
        orders++;
        change.setLong(1, random.nextLong(orders) + 1);
        change.executeUpdate();
      }
    }
    Thread.sleep(PAUSE_MILLIS);
  }

  long orders() {
    return orders;
  }

  Totals totals() throws SQLException {
    return totals(connection);
  }

  static Totals totals(Path database) throws SQLException {
    try (Connection reader = DriverManager.getConnection("jdbc:sqlite:" + database)) {
      return totals(reader);
    }
  }

  private static Totals totals(Connection reader) throws SQLException {
    CRC32C crc = new CRC32C();
    long count = 0;
    try (Statement statement = reader.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT id||item||cents||hex(note) FROM orders ORDER BY id")) {
      while (rows.next()) {
        byte[] row = rows.getBytes(1);
        crc.update(row, 0, row.length);
        count++;
      }
    }
    return new Totals(count, crc.getValue());
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
