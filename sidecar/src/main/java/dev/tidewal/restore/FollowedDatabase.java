package dev.tidewal.restore;

import static java.util.Objects.requireNonNull;

import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.TidewalException.Refused;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxReader;
import dev.tidewal.ltx.PageChecksum;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The file of a read replica, changed in place as a SQLite writer in rollback mode would change it.
 *
 * <p>An object is fetched and verified first; then RESERVED is taken, the pages that will change
 * are kept in a journal, and only for writing the new ones are readers kept out. They see the state
 * before or the state after, also when this process or the machine dies at any moment: see {@link
 * RollbackJournal}. Not thread-safe.
 */
final class FollowedDatabase implements Closeable {
  private final Path path;
  private final FileChannel channel;
  private final int pageSize;
  private FollowState state;

  private FollowedDatabase(Path path, FileChannel channel, int pageSize, FollowState state) {
    this.path = path;
    this.channel = channel;
    this.pageSize = pageSize;
    this.state = state;
  }

  /**
   * Opens the file where it was left; what was under way is rolled back or found complete.
   *
   * @throws Refused when somebody else wrote the file, or it was not made by following
   */
  static FollowedDatabase open(Path path) throws IOException {
    FollowState recorded =
        FollowState.read(path)
            .orElseThrow(() ->
                new Refused(
                    path
                        + " exists but was not made by following a replica; delete it or name"
                        + " another output"));
    rollBack(path);
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      forgetUnusedJournal(path, channel);
      DatabaseHeader header = DatabaseHeader.read(channel);
      FollowState settled =
          recorded.settledBy(header.changeCounter()).orElseThrow(() -> foreignWrite(path));
      return new FollowedDatabase(path, channel, header.pageSize(), settled);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Refused foreignWrite(Path path) {
    return new Refused(
        path
            + " was changed by another program; a read replica must not be written: delete it and"
            + " "
            + FollowState.pathOf(path).getFileName()
            + " to restore it again");
  }

  /** SQLite puts back what a crash left half-written, before this process has its descriptor. */
  private static void rollBack(Path path) throws IOException {
    if (!Files.exists(RollbackJournal.pathOf(path))) {
      return;
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT count(*) FROM sqlite_schema");
    } catch (SQLException e) {
      throw new Corrupt("SQLite can't roll back " + path + ": " + e.getMessage(), e);
    }
  }

  /** One that a crash left before it was armed: SQLite does not take it for one, nor away. */
  private static void forgetUnusedJournal(Path path, FileChannel channel) throws IOException {
    SqliteFileLock alone = SqliteFileLock.reserve(channel).orElseThrow(() -> foreignWrite(path));
    try {
      Files.deleteIfExists(RollbackJournal.pathOf(path));
    } finally {
      alone.close();
    }
  }

  Txid applied() {
    return state.applied().txid();
  }

  /** How an apply ended. */
  enum Outcome {
    APPLIED,
    /** Readers stayed too long; nothing changed. */
    BUSY
  }

  /**
   * Brings the file to the last TXID of an object.
   *
   * @param object applies to the current state
   * @throws Corrupt when the object is damaged; nothing changed
   * @throws Refused when somebody else wrote the file, the page size changed, or the object does
   *     not lead to the state that its writer recorded: it belongs to another history
   */
  Outcome apply(ReplicaClient client, ObjectInfo object, Duration patience)
      throws IOException, InterruptedException {
    PageSet changed = new PageSet(0xffff_ffffL);
    OptionalLong recorded = client.stat(object.name()).metadata().checksum();
    FollowState.At[] next = new FollowState.At[1];
    try (SpooledObject spooled =
        SpooledObject.fetch(
            client,
            object,
            requireNonNull(path.toAbsolutePath().getParent()),
            reader -> {
              checkHeader(object, reader.header());
              next[0] = collectChanges(reader, changed);
              return reader.finish();
            })) {
      checkHistory(object, next[0], recorded);
      Optional<SqliteFileLock> reserved = SqliteFileLock.reserve(channel);
      if (reserved.isEmpty()) {
        return Outcome.BUSY;
      }
      try (SqliteFileLock lock = reserved.get()) {
        return change(spooled, next[0], changed, lock, patience);
      }
    }
  }

  private void checkHeader(ObjectInfo object, LtxHeader header) {
    if (!header.minTxid().equals(object.name().min())
        || !header.maxTxid().equals(object.name().max())) {
      throw new Corrupt(object.name() + " holds other TXIDs than its name says");
    }
    if (header.pageSize() != pageSize) {
      throw new Refused(
          object.name()
              + " has pages of "
              + header.pageSize()
              + " bytes, the read replica of "
              + pageSize
              + "; delete "
              + path
              + " to restore it again");
    }
  }

  /**
   * TXIDs begin anew in a replica that was emptied: then an object fits by its name alone. What its
   * writer recorded tells. (A snapshot fits whatever was there before.)
   */
  private void checkHistory(ObjectInfo object, FollowState.At next, OptionalLong recorded) {
    if (recorded.isPresent() && recorded.getAsLong() != next.rolling()) {
      throw new Refused(
          object.name()
              + " goes on from another state "
              + applied()
              + " than the one in "
              + path
              + ": the replica was begun anew; delete the file and "
              + FollowState.pathOf(path).getFileName()
              + " to restore it again");
    }
  }

  /**
   * What differs already now differs then: nobody else writes.
   *
   * @return the state that the changes lead to
   */
  private FollowState.At collectChanges(LtxReader reader, PageSet changed) throws IOException {
    byte[] current = new byte[pageSize];
    long pages = channel.size() / pageSize;
    long commit = reader.header().commit();
    long rolling = state.applied().rolling();
    long firstPage = state.applied().firstPage();
    while (reader.next()) {
      long pgno = reader.pgno();
      if (pgno == 1) {
        rolling = PageChecksum.toggle(rolling, firstPage);
        firstPage = reader.pageChecksum();
        rolling = PageChecksum.toggle(rolling, firstPage);
      } else if (!readPage(pgno, current)) {
        changed.add(pgno);
        rolling = PageChecksum.toggle(rolling, reader.pageChecksum());
      } else if (!Arrays.equals(current, 0, pageSize, reader.page(), 0, pageSize)) {
        changed.add(pgno);
        rolling = PageChecksum.toggle(rolling, PageChecksum.of(pgno, current, 0, pageSize));
        rolling = PageChecksum.toggle(rolling, reader.pageChecksum());
      }
    }
    changed.add(1);
    rolling = PageChecksum.toggle(rolling, cutOff(commit, pages));
    rolling = PageChecksum.toggle(rolling, holes(pages, commit, changed));
    return new FollowState.At(reader.header().maxTxid(), rolling, firstPage);
  }

  /** What pages contribute that are no longer part of the database. */
  private long cutOff(long commit, long pages) throws IOException {
    byte[] old = new byte[pageSize];
    long checksums = 0;
    for (long pgno = commit + 1; pgno <= pages; pgno++) {
      if (pgno != LtxHeader.lockPage(pageSize) && readPage(pgno, old)) {
        checksums ^= PageChecksum.of(pgno, old, 0, pageSize);
      }
    }
    return checksums;
  }

  /** The same of pages that become part of it without an image: free ones. */
  private long holes(long pages, long commit, PageSet changed) {
    byte[] hole = new byte[pageSize];
    long checksums = 0;
    for (long pgno = pages + 1; pgno <= commit; pgno++) {
      if (pgno != LtxHeader.lockPage(pageSize) && !changed.contains(pgno)) {
        checksums ^= PageChecksum.of(pgno, hole, 0, pageSize);
      }
    }
    return checksums;
  }

  private Outcome change(
      SpooledObject spooled,
      FollowState.At next,
      PageSet changed,
      SqliteFileLock lock,
      Duration patience)
      throws IOException, InterruptedException {
    if (DatabaseHeader.read(channel).changeCounter() != state.counter()) {
      throw foreignWrite(path);
    }
    long commit = spooled.summary().header().commit();
    FollowState pending = state.towards(next);
    try (RollbackJournal journal = RollbackJournal.create(path, pageSize)) {
      try {
        keepOldPages(journal, changed, commit);
        pending.write(path);
        journal.arm(channel.size() / pageSize);
      } catch (IOException e) {
        Files.deleteIfExists(RollbackJournal.pathOf(path));
        throw e;
      }
      if (!lock.exclude(patience)) {
        journal.commit();
        return Outcome.BUSY;
      }
      write(spooled, changed, commit);
      channel.force(true);
      journal.commit();
    }
    state = FollowState.settled(next, state.counter() + 1);
    return Outcome.APPLIED;
  }

  private void keepOldPages(RollbackJournal journal, PageSet changed, long commit)
      throws IOException {
    byte[] old = new byte[pageSize];
    long pages = channel.size() / pageSize;
    changed.forEach(pgno -> {
      if (pgno <= pages && readPage(pgno, old)) {
        journal.add(pgno, old);
      }
    });
    for (long pgno = commit + 1; pgno <= pages; pgno++) {
      if (pgno != LtxHeader.lockPage(pageSize) && readPage(pgno, old)) {
        journal.add(pgno, old);
      }
    }
  }

  private void write(SpooledObject spooled, PageSet changed, long commit) throws IOException {
    boolean headerWritten = false;
    try (LtxReader reader = spooled.reader()) {
      while (reader.next()) {
        if (reader.pgno() == 1) {
          writeFirstPage(reader.page(), commit);
          headerWritten = true;
        } else if (changed.contains(reader.pgno())) {
          writePage(reader.pgno(), reader.page());
        }
      }
    }
    if (!headerWritten) {
      byte[] first = new byte[pageSize];
      readPage(1, first);
      writeFirstPage(first, commit);
    }
    setPages(commit);
  }

  private void writeFirstPage(byte[] page, long commit) throws IOException {
    DatabaseHeader.asChangedInPlace(page, state.counter() + 1, commit);
    writePage(1, page);
  }

  private void setPages(long commit) throws IOException {
    long bytes = commit * pageSize;
    channel.truncate(bytes);
    if (channel.size() < bytes) {
      channel.write(ByteBuffer.allocate(1), bytes - 1);
    }
  }

  private boolean readPage(long pgno, byte[] page) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(page, 0, pageSize);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, (pgno - 1) * pageSize + buffer.position()) < 0) {
        return false;
      }
    }
    return true;
  }

  private void writePage(long pgno, byte[] page) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(page, 0, pageSize);
    while (buffer.hasRemaining()) {
      channel.write(buffer, (pgno - 1) * pageSize + buffer.position());
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
