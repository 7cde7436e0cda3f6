package dev.tidewal.state;

import dev.tidewal.core.Position;
import dev.tidewal.ltx.PageChecksum;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The page-checksum file: 8 bytes for each page, the checksum that the replica's page has. A resync
 * uploads only the pages whose checksum is another one.
 *
 * <p>An entry changes only after the object that holds the page was acknowledged; the header
 * ({@link At}) advances only after the entries are synced, and not for every object: a start finds
 * the file at T and the replica at R, and takes every page of the objects (T, R] for different,
 * because their entries may be old or new. An entry of 0 means unknown, which equals no page.
 *
 * <p>Nothing proportional to the database is held in memory. Not thread-safe; one {@link Update} at
 * a time. After an {@link IOException} from {@link Update#apply} the file must be opened again.
 */
public final class PageChecksums implements Closeable {
  /** Where entries begin in the file; the two header slots are before it. */
  static final long ENTRIES = 4096;

  /** The header lags at most so far: a resync reads that many objects back. */
  private static final int SYNC_AFTER_OBJECTS = 64;

  private static final Duration SYNC_AFTER = Duration.ofSeconds(10);
  private static final int WINDOW_BYTES = 8192;
  private static final int SCAN_BYTES = 64 * 1024;

  private final Path path;
  private final Path scratch;

  /** Entries around the last one that was asked for; none while the database is at rest. */
  private @Nullable ByteBuffer window;

  private StateFile file;
  private ChecksumHeader header;
  private long windowFirst = -1;
  private long entries;
  private long rolling = PageChecksum.FLAG;
  private @Nullable At unsynced;
  private int unsyncedObjects;
  private long lastSyncNanos = System.nanoTime();
  private @Nullable Update update;

  private PageChecksums(Path path, Path scratch, StateFile file) throws IOException {
    this.path = path;
    this.scratch = scratch;
    this.file = file;
    this.header = ChecksumHeader.read(file);
  }

  /**
   * The state that all entries on disk are at, or would be but for later objects.
   *
   * @param position position of the object up to which the entries are synced
   * @param salt1 first salt of the WAL then
   * @param salt2 second salt
   * @param pageSize bytes
   * @param commit database size in pages
   */
  public record At(Position position, int salt1, int salt2, int pageSize, long commit) {}

  /**
   * Opens the file, makes it when missing, and reads it once for the rolling checksum. A file
   * without a good header is taken for empty.
   *
   * @param scratch directory for the entries of an update that outgrow its buffer
   */
  public static PageChecksums open(Path path, Path scratch) throws IOException {
    PageChecksums checksums = new PageChecksums(path, scratch, StateFile.open(path));
    if (checksums.at().isEmpty()) {
      checksums.clear();
    } else {
      checksums.scan();
    }
    return checksums;
  }

  /** What the header on disk says; empty: nothing is known of any page. */
  public Optional<At> at() {
    return header.at();
  }

  /** The checksum that the replica's page has, 0 when that is not known. */
  public long get(long pgno) throws IOException {
    if (pgno < 1 || pgno > entries) {
      return 0;
    }
    long index = pgno - 1;
    long first = index - index % (WINDOW_BYTES / 8);
    ByteBuffer loaded = window == null ? ByteBuffer.allocate(WINDOW_BYTES) : window;
    if (first != windowFirst) {
      window = loaded;
      windowFirst = -1;
      load(first, loaded);
      windowFirst = first;
    }
    return loaded.getLong((int) (index - first) * 8);
  }

  /** The rolling database checksum over all entries. */
  public long rolling() {
    return rolling;
  }

  /**
   * Whether the entries are those of the header's position: no later object was being applied when
   * the process ended.
   */
  public boolean isAtHeader() {
    return at().map(at -> at.position().checksum() == rolling).orElse(false);
  }

  /** Starts a change of some pages. */
  public Update update() {
    return begin(new ChecksumDelta(this, scratch));
  }

  /** Starts anew with every page; the old file stays until {@link Update#apply}. */
  public Update rewrite() throws IOException {
    return begin(new ChecksumRewrite(this, path.resolveSibling(path.getFileName() + ".new")));
  }

  private Update begin(Update next) {
    if (update != null) {
      throw new IllegalStateException("the previous update is neither applied nor discarded");
    }
    update = next;
    return next;
  }

  /** Forgets every entry: the header doesn't fit, so a full snapshot follows. */
  public void clear() throws IOException {
    file.truncate(0);
    file.truncate(ENTRIES);
    file.sync();
    header = ChecksumHeader.NONE;
    entries = 0;
    rolling = PageChecksum.FLAG;
    unsynced = null;
    unsyncedObjects = 0;
    windowFirst = -1;
  }

  /** Syncs entries, then advances the header. Cheap when nothing changed; call it when idle. */
  public void sync() throws IOException {
    window = null;
    windowFirst = -1;
    if (unsynced == null) {
      return;
    }
    file.sync();
    header = header.advance(file, unsynced);
    unsynced = null;
    unsyncedObjects = 0;
    lastSyncNanos = System.nanoTime();
  }

  @Override
  public void close() throws IOException {
    try {
      if (update != null) {
        update.close();
      }
      sync();
    } finally {
      file.close();
    }
  }

  /** New checksums of the pages of one object, collected while it is encoded. */
  public sealed interface Update extends Closeable permits ChecksumDelta, ChecksumRewrite {
    /**
     * Adds a page's checksum.
     *
     * @param pgno ascending; for {@link #rewrite} every page but the lock page
     */
    void add(long pgno, long checksum) throws IOException;

    /** The rolling checksum that the database has after this object, at {@code commit} pages. */
    long rollingAfter(long commit) throws IOException;

    /**
     * The object was acknowledged: changes the entries, and drops those above the commit. The
     * header follows at once or later, see {@link PageChecksums#sync}.
     */
    void apply(At at) throws IOException;

    /** The object was not acknowledged. No effect after {@link #apply}. */
    void discard() throws IOException;

    @Override
    default void close() throws IOException {
      discard();
    }
  }

  long entries() {
    return entries;
  }

  /** Reads entries from {@code first} (0 = page 1) on; what the file doesn't have is 0. */
  void load(long first, ByteBuffer into) throws IOException {
    into.clear();
    file.read(into, ENTRIES + first * 8);
    while (into.hasRemaining()) {
      into.put((byte) 0);
    }
    into.flip();
  }

  /** Writes entries from {@code first} on. */
  void store(long first, ByteBuffer from) throws IOException {
    windowFirst = -1;
    file.write(from, ENTRIES + first * 8);
  }

  /** XOR of the entries of all pages above {@code pgno}. */
  long xorAbove(long pgno) throws IOException {
    long xor = 0;
    ByteBuffer chunk = ByteBuffer.allocate(SCAN_BYTES);
    for (long first = pgno; first < entries; first += SCAN_BYTES / 8) {
      load(first, chunk);
      LongBuffer values = chunk.asLongBuffer();
      values.limit((int) Math.min(values.limit(), entries - first));
      while (values.hasRemaining()) {
        xor ^= values.get();
      }
    }
    return xor;
  }

  /** An update changed the entries: the file now is at {@code at} but for its header. */
  void applied(At at, long newRolling) throws IOException {
    windowFirst = -1;
    if (at.commit() < entries) {
      file.truncate(ENTRIES + at.commit() * 8);
    }
    entries = at.commit();
    rolling = newRolling;
    unsynced = at;
    unsyncedObjects++;
    update = null;
    if (unsyncedObjects >= SYNC_AFTER_OBJECTS
        || System.nanoTime() - lastSyncNanos >= SYNC_AFTER.toNanos()) {
      sync();
    }
  }

  /** An update wrote a whole new file, header and all, which now is at our path. */
  void replaced(StateFile by, ChecksumHeader newHeader, long newRolling) throws IOException {
    file.close();
    file = by;
    header = newHeader;
    entries = newHeader.at().map(At::commit).orElse(0L);
    rolling = newRolling;
    windowFirst = -1;
    unsynced = null;
    unsyncedObjects = 0;
    lastSyncNanos = System.nanoTime();
    update = null;
  }

  void discarded() {
    update = null;
  }

  Path path() {
    return path;
  }

  static void check(At at, long rollingAfter, long lastPgno) {
    if (lastPgno > at.commit()) {
      throw new IllegalArgumentException("page " + lastPgno + " is above commit " + at.commit());
    }
    if (at.position().hasChecksum() && at.position().checksum() != rollingAfter) {
      throw new IllegalArgumentException(
          "the object is at " + at.position() + " but its pages give another checksum");
    }
  }

  private void scan() throws IOException {
    entries = Math.max(0, (file.size() - ENTRIES) / 8);
    rolling = PageChecksum.FLAG | xorAbove(0);
  }
}
