package dev.tidewal.cli;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxHeader.WalSpan;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.ltx.LtxWriter;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.replica.ObjectMetadata;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/**
 * A real SQLite database and a file replica that holds its states, each stored whole as one batch.
 */
final class StoredDatabase {
  private static final int PAGE_SIZE = 4096;
  private static final Instant BEGIN = Instant.parse("2026-11-20T10:00:00Z");

  private final Path file;
  private final Path replica;
  private long txid;

  StoredDatabase(Path directory) throws IOException {
    Files.createDirectories(directory);
    this.file = directory.resolve("source.db");
    this.replica = directory.resolve("replica");
  }

  Path file() {
    return file;
  }

  String url() {
    return "file://" + replica;
  }

  /** The object of a TXID. */
  Path object(int ofTxid) {
    return replica.resolve("ltx/0/" + LtxName.batch(new Txid(ofTxid)).fileName());
  }

  /** One more row, one more TXID, a second later. */
  StoredDatabase commit() throws IOException, SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS t (x)");
      statement.execute("INSERT INTO t VALUES (1)");
    }
    txid++;
    return store(LtxName.batch(new Txid(txid)));
  }

  /** The state as it is now, whole, under another name. */
  StoredDatabase store(LtxName name) throws IOException {
    return store(name, PAGE_SIZE);
  }

  /** The same, cut into pages of another size. */
  StoredDatabase store(LtxName name, int pageSize) throws IOException {
    byte[] content = Files.readAllBytes(file);
    Instant recorded = BEGIN.plusSeconds(name.max().value());
    try (FileReplicaClient client = new FileReplicaClient(replica)) {
      client.write(
          name,
          ObjectMetadata.at(recorded),
          WriteMode.CREATE,
          1 << 20,
          out -> encode(name, pageSize, content, recorded, out));
    }
    return this;
  }

  private void encode(
      LtxName name, int pageSize, byte[] content, Instant recorded, OutputStream out)
      throws IOException {
    int pages = content.length / pageSize;
    long millis = recorded.toEpochMilli();
    LtxHeader header = LtxHeader.of(pageSize, pages, name.min(), name.max(), millis, WalSpan.NONE);
    try (LtxWriter writer = new LtxWriter(out, header, replica)) {
      for (int page = 0; page < pages; page++) {
        writer.page(page + 1L, content, page * pageSize);
      }
      writer.finish();
    }
  }

  static int rows(Path database) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM t")) {
      row.next();
      return row.getInt(1);
    }
  }
}
