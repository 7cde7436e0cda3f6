package dev.tidewal.compact;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private final BatchWriter writer;
  private final Random random;
  private final SortedMap<Long, byte[]> pages = new TreeMap<>();
  private Txid head = Txid.ZERO;

  LiveReplica(ReplicaClient client, Path scratch, long seed) {
    this.writer = new BatchWriter(client, scratch);
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
    return upload(LtxName.snapshot(head), timestamp, pages);
  }

  Txid head() {
    return head;
  }

  private ObjectInfo append(Instant timestamp, SortedMap<Long, byte[]> changed) {
    head = head.next();
    checksums.put(head.value(), rolling());
    return upload(LtxName.batch(head), timestamp, changed);
  }

  private ObjectInfo upload(LtxName name, Instant timestamp, SortedMap<Long, byte[]> content) {
    return writer.write(
        name, timestamp, new BatchWriter.State(PAGE_SIZE, pages.size(), rolling()), content);
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
    return BatchWriter.rolling(pages);
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
    return BatchWriter.OWNER;
  }

  @Override
  public Optional<String> clusterId() {
    return Optional.of(BatchWriter.CLUSTER);
  }

  @Override
  public List<ProtectedBranch> branches() {
    return branches;
  }
}
