package dev.tidewal.compact;

import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.ltx.LtxWriter;
import dev.tidewal.ltx.PageChecksum;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ObjectMetadata;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * Writes objects of level 0, and snapshots, as a replicator does. The WAL that they name is gone,
 * so a Litestream that takes over begins with all pages.
 */
final class BatchWriter {
  static final String OWNER = "owner-of-the-test";
  static final String CLUSTER = "cluster-of-the-test";

  private final ReplicaClient client;
  private final Path scratch;

  /** The database that an object leads to. */
  record State(int pageSize, long commit, long checksum) {}

  BatchWriter(ReplicaClient client, Path scratch) {
    this.client = client;
    this.scratch = scratch;
  }

  ObjectInfo write(LtxName name, Instant timestamp, State state, SortedMap<Long, byte[]> pages) {
    LtxHeader header =
        LtxHeader.of(
            state.pageSize(),
            state.commit(),
            name.min(),
            name.max(),
            timestamp.toEpochMilli(),
            new LtxHeader.WalSpan(32, 24 + state.pageSize(), 7, 8));
    ObjectMetadata metadata =
        new ObjectMetadata(
            Optional.of(timestamp),
            Optional.of(OWNER),
            Optional.of(CLUSTER),
            OptionalLong.of(state.checksum()),
            OptionalLong.empty());
    return client.write(
        name, metadata, WriteMode.CREATE, 1 << 20, out -> write(out, header, pages));
  }

  private void write(OutputStream out, LtxHeader header, SortedMap<Long, byte[]> pages)
      throws IOException {
    try (LtxWriter writer = new LtxWriter(out, header, scratch)) {
      for (Map.Entry<Long, byte[]> page : pages.entrySet()) {
        writer.page(page.getKey(), page.getValue(), 0);
      }
      writer.finish();
    }
  }

  /** The rolling checksum of a database with exactly these pages. */
  static long rolling(Map<Long, byte[]> pages) {
    long rolling = PageChecksum.FLAG;
    for (Map.Entry<Long, byte[]> page : pages.entrySet()) {
      byte[] bytes = page.getValue();
      rolling =
          PageChecksum.toggle(rolling, PageChecksum.of(page.getKey(), bytes, 0, bytes.length));
    }
    return rolling;
  }
}
