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
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The history of a made-up database with tiny pages, kept whole in memory: the naive model that
 * restores are compared with. Writes any range of it as an LTX object.
 */
final class History {
  static final int PAGE_SIZE = 512;
  static final Instant BEGIN = Instant.parse("2026-11-20T10:00:00Z");

  /** Pages of each state; state 0 is the empty database. */
  private final List<NavigableMap<Long, byte[]>> states = new ArrayList<>(List.of(new TreeMap<>()));

  /** Pages that each TXID wrote. */
  private final List<TreeSet<Long>> written = new ArrayList<>(List.of(new TreeSet<>()));

  private final Random random;

  History(Random random) {
    this.random = random;
  }

  /**
   * A history of {@code batches} TXIDs in which pages change and the database grows and shrinks.
   */
  static History random(Random random, int batches) {
    History history = new History(random);
    int pages = 1 + random.nextInt(30);
    for (int i = 0; i < batches; i++) {
      if (random.nextInt(4) == 0) {
        pages = 1 + random.nextInt(40);
      }
      history.commit(pages);
    }
    return history;
  }

  /** One more TXID: the database gets {@code pages} pages and some of them change. */
  Txid commit(int pages) {
    NavigableMap<Long, byte[]> before = states.getLast();
    NavigableMap<Long, byte[]> after = new TreeMap<>(before.headMap((long) pages, true));
    TreeSet<Long> changed = new TreeSet<>();
    changed.add(1L);
    for (long pgno = before.size() + 1L; pgno <= pages; pgno++) {
      changed.add(pgno);
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      changed.add(1L + random.nextInt(pages));
    }
    changed.forEach(pgno -> after.put(pgno, page()));
    states.add(after);
    written.add(changed);
    return newest();
  }

  private byte[] page() {
    byte[] page = new byte[PAGE_SIZE];
    random.nextBytes(page);
    Arrays.fill(page, 100, PAGE_SIZE, page[0]);
    return page;
  }

  Txid newest() {
    return new Txid(states.size() - 1L);
  }

  static Instant timeOf(Txid txid) {
    return BEGIN.plus(Duration.ofSeconds(txid.value()));
  }

  /** The database file at a TXID. */
  byte[] fileAt(Txid txid) {
    NavigableMap<Long, byte[]> state = states.get((int) txid.value());
    byte[] file = new byte[state.size() * PAGE_SIZE];
    state.forEach(
        (pgno, page) -> System.arraycopy(page, 0, file, (int) (pgno - 1) * PAGE_SIZE, PAGE_SIZE));
    return file;
  }

  long checksumAt(Txid txid) {
    long rolling = PageChecksum.FLAG;
    for (Map.Entry<Long, byte[]> page : states.get((int) txid.value()).entrySet()) {
      rolling =
          PageChecksum.toggle(
              rolling, PageChecksum.of(page.getKey(), page.getValue(), 0, PAGE_SIZE));
    }
    return rolling;
  }

  /** Metadata as Litestream leaves it: only a time. */
  static ObjectMetadata timeOnly(Txid max) {
    return ObjectMetadata.at(timeOf(max));
  }

  ObjectMetadata withChecksum(Txid max) {
    return new ObjectMetadata(
        Optional.of(timeOf(max)),
        Optional.of("owner-1"),
        Optional.empty(),
        OptionalLong.of(checksumAt(max)),
        OptionalLong.empty());
  }

  void store(ReplicaClient client, LtxName name, ObjectMetadata metadata) {
    client.write(name, metadata, WriteMode.REPLACE, 1 << 20, out -> encode(name, out));
  }

  void store(ReplicaClient client, LtxName name) {
    store(client, name, timeOnly(name.max()));
  }

  /** The same straight into a file replica's directory, without its syncs. */
  void place(Path root, LtxName name) throws IOException {
    Path file = root.resolve("ltx/" + name.level() + "/" + name.fileName());
    Files.createDirectories(file.getParent());
    try (OutputStream out = Files.newOutputStream(file)) {
      encode(name, out);
    }
    Files.setLastModifiedTime(file, FileTime.from(timeOf(name.max())));
  }

  void storeBatches(ReplicaClient client, int first, int last) {
    for (int txid = first; txid <= last; txid++) {
      store(client, LtxName.batch(new Txid(txid)));
    }
  }

  static LtxName name(int level, int min, int max) {
    return new LtxName(level, new Txid(min), new Txid(max));
  }

  /** The object that holds what TXIDs min to max changed, as compaction leaves it. */
  void encode(LtxName name, OutputStream out) throws IOException {
    NavigableMap<Long, byte[]> state = states.get((int) name.max().value());
    TreeSet<Long> pages = new TreeSet<>();
    for (long txid = name.min().value(); txid <= name.max().value(); txid++) {
      pages.addAll(written.get((int) txid));
    }
    if (name.isSnapshot()) {
      pages.addAll(state.keySet());
    }
    LtxHeader header =
        LtxHeader.of(
            PAGE_SIZE,
            state.size(),
            name.min(),
            name.max(),
            timeOf(name.max()).toEpochMilli(),
            WalSpan.NONE);
    try (LtxWriter writer = new LtxWriter(out, header, Path.of("/tmp"))) {
      for (long pgno : pages) {
        byte[] page = state.get(pgno);
        if (page != null) {
          writer.page(pgno, page, 0);
        }
      }
      writer.finish();
    }
  }
}
