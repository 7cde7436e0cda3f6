package dev.tidewal.compact;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A made-up database and the owner who writes its batches: pages of 512 bytes that grow, shrink and
 * change at random, with the rolling checksum recorded beside each batch.
 */
final class LiveReplica implements Ownership {
  static final int PAGE_SIZE = 512;

  final List<ProtectedBranch> branches = new ArrayList<>();
  final Map<Long, Long> checksums = new HashMap<>();
  boolean fenced;
  int assured;

  private final ReplicaClient client;
  private final Path scratch;
  private final Random random;
  private final SortedMap<Long, byte[]> pages = new TreeMap<>();
  private Txid head = Txid.ZERO;

  LiveReplica(ReplicaClient client, Path scratch, long seed) {
    this.client = client;
    this.scratch = scratch;
    this.random = new Random(seed);
  }

  /** The next batch: the whole database at first, then some pages. */
  ObjectInfo write(Instant timestamp) {
    SortedMap<Long, byte[]> changed = head.isZero() ? grow(20) : change();
    return append(timestamp, changed);
  }

  ObjectInfo claim(Instant timestamp) {
    return append(timestamp, new TreeMap<>());
  }

  /** What a replicator uploads when it is asked to read the database itself. */
  ObjectInfo liveSnapshot(Instant timestamp) {
    return upload(LtxName.snapshot(head), timestamp, pages, rolling());
  }

  Txid head() {
    return head;
  }

  private ObjectInfo append(Instant timestamp, SortedMap<Long, byte[]> changed) {
    head = head.next();
    checksums.put(head.value(), rolling());
    return upload(LtxName.batch(head), timestamp, changed, rolling());
  }

  private ObjectInfo upload(
      LtxName name, Instant timestamp, SortedMap<Long, byte[]> content, long rolling) {
    LtxHeader header =
        LtxHeader.of(
            PAGE_SIZE,
            pages.size(),
            name.min(),
            name.max(),
            timestamp.toEpochMilli(),
            LtxHeader.WalSpan.NONE);
    ObjectMetadata metadata =
        new ObjectMetadata(
            Optional.of(timestamp),
            Optional.of(ownerId()),
            clusterId(),
            OptionalLong.of(rolling),
            OptionalLong.empty());
    return client.write(
        name, metadata, WriteMode.CREATE, 1 << 20, out -> write(out, header, content));
  }

  private void write(OutputStream out, LtxHeader header, SortedMap<Long, byte[]> content)
      throws IOException {
    try (LtxWriter writer = new LtxWriter(out, header, scratch)) {
      for (Map.Entry<Long, byte[]> page : content.entrySet()) {
        writer.page(page.getKey(), page.getValue(), 0);
      }
      writer.finish();
    }
  }

  private SortedMap<Long, byte[]> change() {
    SortedMap<Long, byte[]> changed = new TreeMap<>();
    if (random.nextInt(5) == 0 && pages.size() > 10) {
      pages.keySet().removeIf(pgno -> pgno > 10);
    } else if (random.nextInt(3) == 0) {
      changed.putAll(grow(pages.size() + random.nextInt(1, 30)));
    }
    for (int i = random.nextInt(1, 8); i > 0; i--) {
      long pgno = random.nextInt(pages.size()) + 1;
      changed.put(pgno, randomPage());
    }
    pages.putAll(changed);
    return changed;
  }

  private SortedMap<Long, byte[]> grow(int to) {
    SortedMap<Long, byte[]> added = new TreeMap<>();
    for (long pgno = pages.size() + 1; pgno <= to; pgno++) {
      added.put(pgno, randomPage());
    }
    pages.putAll(added);
    return added;
  }

  /** Half of it compresses. */
  private byte[] randomPage() {
    byte[] page = new byte[PAGE_SIZE];
    byte[] noise = new byte[PAGE_SIZE / 2];
    random.nextBytes(noise);
    System.arraycopy(noise, 0, page, 0, noise.length);
    return page;
  }

  private long rolling() {
    long rolling = PageChecksum.FLAG;
    for (Map.Entry<Long, byte[]> page : pages.entrySet()) {
      rolling =
          PageChecksum.toggle(
              rolling, PageChecksum.of(page.getKey(), page.getValue(), 0, PAGE_SIZE));
    }
    return rolling;
  }

  @Override
  public void assure() {
    if (fenced) {
      throw new TidewalException.Fenced("another owner has the replica");
    }
    assured++;
  }

  @Override
  public Txid acknowledged() {
    return head;
  }

  @Override
  public String ownerId() {
    return "owner-of-the-test";
  }

  @Override
  public Optional<String> clusterId() {
    return Optional.of("cluster-of-the-test");
  }

  @Override
  public List<ProtectedBranch> branches() {
    return branches;
  }
}
