package dev.tidewal.restore;

import static java.util.Objects.requireNonNull;

import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.TidewalException.Refused;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxReader;
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
    return state.applied();
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
   * @throws Refused when somebody else wrote the file, or the page size changed
   */
  Outcome apply(ReplicaClient client, ObjectInfo object, Duration patience)
      throws IOException, InterruptedException {
    PageSet changed = new PageSet(0xffff_ffffL);
    try (SpooledObject spooled =
        SpooledObject.fetch(
            client,
            object,
            requireNonNull(path.toAbsolutePath().getParent()),
            reader -> {
              checkHeader(object, reader.header());
              collectChanges(reader, changed);
              return reader.finish();
            })) {
      Optional<SqliteFileLock> reserved = SqliteFileLock.reserve(channel);
      if (reserved.isEmpty()) {
        return Outcome.BUSY;
      }
      try (SqliteFileLock lock = reserved.get()) {
        return change(spooled, object.name().max(), changed, lock, patience);
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

  /** What differs already now differs then: nobody else writes. */
  private void collectChanges(LtxReader reader, PageSet changed) throws IOException {
    byte[] current = new byte[pageSize];
    while (reader.next()) {
      if (!readPage(reader.pgno(), current)
          || !Arrays.equals(current, 0, pageSize, reader.page(), 0, pageSize)) {
        changed.add(reader.pgno());
      }
    }
    changed.add(1);
  }

  private Outcome change(
      SpooledObject spooled, Txid next, PageSet changed, SqliteFileLock lock, Duration patience)
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
