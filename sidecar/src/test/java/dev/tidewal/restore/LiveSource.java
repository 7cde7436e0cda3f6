package dev.tidewal.restore;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxHeader.WalSpan;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.ltx.LtxWriter;
import dev.tidewal.ltx.PageChecksum;
import dev.tidewal.replica.ObjectMetadata;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A real SQLite database in WAL mode whose states are recorded as batches: what a replicator does,
 * the slow way.
 */
final class LiveSource implements AutoCloseable {
  private final Path file;
  private final Connection connection;
  private final int pageSize;
  private boolean recordsChecksums;
  private final List<byte[]> states = new ArrayList<>(List.of(new byte[0]));

  LiveSource(Path file, int pageSize) throws SQLException {
    this.file = file;
    this.pageSize = pageSize;
    this.connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    sql("PRAGMA page_size=" + pageSize, "PRAGMA journal_mode=WAL", "PRAGMA wal_autocheckpoint=0");
  }

  void sql(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String text : statements) {
        statement.execute(text);
      }
    }
  }

  /** Records the current state as the next TXID. */
  Txid record() throws SQLException, IOException {
    sql("PRAGMA wal_checkpoint(TRUNCATE)");
    states.add(Files.readAllBytes(file));
    return newest();
  }

  Txid newest() {
    return new Txid(states.size() - 1L);
  }

  byte[] stateAt(Txid txid) {
    return states.get((int) txid.value());
  }

  /** Records the current state and stores it as a batch. */
  Txid batch(ReplicaClient client) throws SQLException, IOException {
    Txid txid = record();
    store(client, LtxName.batch(txid));
    return txid;
  }

  void store(ReplicaClient client, LtxName name) {
    client.write(
        name,
        metadata(name.max()),
        WriteMode.REPLACE,
        stateAt(name.max()).length * 2L,
        out -> encode(name, out));
  }

  /** From here on objects carry the checksum of the state that they lead to. */
  void recordChecksums() {
    recordsChecksums = true;
  }

  private ObjectMetadata metadata(Txid txid) {
    if (!recordsChecksums) {
      return History.timeOnly(txid);
    }
    byte[] state = stateAt(txid);
    long rolling = PageChecksum.FLAG;
    for (int at = 0; at < state.length; at += pageSize) {
      rolling =
          PageChecksum.toggle(rolling, PageChecksum.of(at / pageSize + 1, state, at, pageSize));
    }
    return new ObjectMetadata(
        Optional.of(History.timeOf(txid)),
        Optional.of("owner"),
        Optional.empty(),
        OptionalLong.of(rolling),
        OptionalLong.empty());
  }

  private void encode(LtxName name, OutputStream out) throws IOException {
    byte[] before = stateAt(name.min().plus(-1));
    byte[] after = stateAt(name.max());
    int commit = after.length / pageSize;
    LtxHeader header =
        LtxHeader.of(
            pageSize,
            commit,
            name.min(),
            name.max(),
            History.timeOf(name.max()).toEpochMilli(),
            WalSpan.NONE);
    try (LtxWriter writer = new LtxWriter(out, header, Path.of("/tmp"))) {
      for (int page = 0; page < commit; page++) {
        int at = page * pageSize;
        boolean same =
            at + pageSize <= before.length
                && Arrays.equals(before, at, at + pageSize, after, at, at + pageSize);
        if (!same && page + 1 != LtxHeader.lockPage(pageSize)) {
          writer.page(page + 1, after, at);
        }
      }
      writer.finish();
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
