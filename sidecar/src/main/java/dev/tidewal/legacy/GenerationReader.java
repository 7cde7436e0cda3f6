package dev.tidewal.legacy;

import dev.tidewal.core.TidewalException.Cancelled;
import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.TidewalException.Refused;
import dev.tidewal.wal.WalHeader;
import dev.tidewal.wal.WalScan;
import dev.tidewal.wal.WalScanner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Writes the database of a plan: the snapshot, then the committed pages of one WAL after the other.
 *
 * <p>Litestream 0.3 stored only whole transactions with valid frames, so a WAL that can't be read
 * to its end is damaged. (SQLite would stop there in silence and show an older state.) Memory is
 * bounded by the largest transaction's frame count; a WAL is unpacked to a scratch file.
 */
public final class GenerationReader {
  private static final int BUFFER_BYTES = 256 * 1024;

  private final GenerationStore store;
  private final GenerationPlan plan;
  private final Path scratch;
  private final Consumer<String> progress;

  /**
   * @param scratch directory for one unpacked WAL at a time
   * @param progress told the key of each object that was applied
   */
  public GenerationReader(
      GenerationStore store, GenerationPlan plan, Path scratch, Consumer<String> progress) {
    this.store = store;
    this.plan = plan;
    this.scratch = scratch;
    this.progress = progress;
  }

  /**
   * Fills an empty file.
   *
   * @throws Corrupt when an object is damaged
   * @throws Refused when a segment is missing or objects are encrypted
   */
  public void writeTo(FileChannel database) throws IOException {
    unpack(plan.snapshot().key(), store.content(plan.snapshot().key()), database, 0);
    progress.accept(plan.snapshot().key());
    var wals = plan.segments().stream().collect(Collectors.groupingBy(WalSegment::index));
    try (SegmentsAhead contents = new SegmentsAhead(store, plan.segments())) {
      for (long index = plan.snapshot().index(); wals.containsKey(index); index++) {
        apply(wals.get(index), contents, database);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("the restore was cancelled", e);
    }
  }

  private void apply(List<WalSegment> segments, SegmentsAhead contents, FileChannel database)
      throws IOException, InterruptedException {
    Path path = Files.createTempFile(scratch, ".tidewal-", ".wal");
    try (FileChannel wal =
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      for (WalSegment segment : segments) {
        requireNoGap(segment, wal.size());
        unpack(segment.key(), contents.next(), wal, segment.offset());
        progress.accept(segment.key());
      }
      checkpoint(segments.getLast(), wal, database);
    }
  }

  private void requireNoGap(WalSegment segment, long reached) {
    if (segment.offset() > reached) {
      throw new Refused(
          store.url()
              + ": a segment that begins at "
              + String.format("%08x", reached)
              + " is missing before "
              + segment.key());
    }
  }

  /**
   * Segments may overlap: two syncs of Litestream at its shutdown send the same bytes twice. Other
   * bytes are another history.
   */
  private void unpack(String key, InputStream content, FileChannel into, long offset)
      throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    byte[] known = new byte[BUFFER_BYTES];
    long at = offset;
    try (content) {
      for (int count; (count = read(key, content, buffer)) >= 0; at += count) {
        int overlap = Math.clamp(into.size() - at, 0, count);
        readAt(into, at, ByteBuffer.wrap(known, 0, overlap));
        if (!Arrays.equals(buffer, 0, overlap, known, 0, overlap)) {
          throw new Refused(
              store.url()
                  + ": "
                  + key
                  + " differs from the segment before it where they overlap: two writers used this"
                  + " generation");
        }
        writeAt(into, at + overlap, ByteBuffer.wrap(buffer, overlap, count - overlap));
      }
    }
  }

  private static void readAt(FileChannel file, long offset, ByteBuffer into) throws IOException {
    for (long at = offset; into.hasRemaining(); ) {
      at += file.read(into, at);
    }
  }

  private static void writeAt(FileChannel file, long offset, ByteBuffer bytes) throws IOException {
    for (long at = offset; bytes.hasRemaining(); ) {
      at += file.write(bytes, at);
    }
  }

  private int read(String key, InputStream content, byte[] buffer) {
    try {
      return content.read(buffer);
    } catch (IOException e) {
      throw new Corrupt(store.url() + ": " + key + " is damaged: " + e.getMessage(), e);
    }
  }

  private void checkpoint(WalSegment last, FileChannel wal, FileChannel database)
      throws IOException {
    WalHeader header =
        WalScanner.readHeader(wal)
            .orElseThrow(() -> damaged(last, "its WAL does not begin with a valid header"));
    if (header.pageSize() != pageSize(database)) {
      throw damaged(last, "its WAL has another page size than the database");
    }
    CommittedPages pages = new CommittedPages(wal, database, header.pageSize());
    WalScan scan = new WalScanner(wal, header).scan(header.start(), WalScanner.UNLIMITED, pages);
    switch (scan.stop()) {
      case END_OF_FILE, BUDGET -> {}
      case SALTS, CHECKSUM ->
          throw damaged(last, "a frame behind byte " + scan.end().offset() + " is not valid");
    }
    if (!scan.isEmpty()) {
      database.truncate(scan.commitPages() * header.pageSize());
    }
  }

  private Corrupt damaged(WalSegment last, String how) {
    return new Corrupt(store.url() + ": " + last.key() + " or one before it is damaged: " + how);
  }

  private static int pageSize(FileChannel database) throws IOException {
    ByteBuffer field = ByteBuffer.allocate(2);
    if (database.read(field, 16) < 2) {
      throw new Corrupt("the snapshot is not a database");
    }
    int size = field.getShort(0) & 0xffff;
    return size == 1 ? 65536 : size;
  }
}
