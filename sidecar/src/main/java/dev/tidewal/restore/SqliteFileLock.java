package dev.tidewal.restore;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The locks of a SQLite writer in rollback mode, on the bytes that SQLite's unix VFS uses (os.h:
 * PENDING_BYTE at 2^30, RESERVED_BYTE, 510 SHARED bytes). Readers of other processes heed them.
 *
 * <p>They are POSIX locks: they belong to the process, and closing any descriptor of the file drops
 * them. Nothing else in this process may open the database while it is followed.
 */
final class SqliteFileLock implements AutoCloseable {
  private static final long PENDING = 0x40000000L;
  private static final long RESERVED = PENDING + 1;
  private static final long SHARED_FIRST = PENDING + 2;
  private static final long SHARED_SIZE = 510;
  private static final long POLL_MILLIS = 5;

  private final FileChannel database;
  private final FileLock reserved;
  private @Nullable FileLock pending;
  private @Nullable FileLock shared;

  private SqliteFileLock(FileChannel database, FileLock reserved) {
    this.database = database;
    this.reserved = reserved;
  }

  /**
   * RESERVED: readers go on, no other writer begins, and a journal is not taken for a crash's.
   * Empty when another writer has it.
   */
  static Optional<SqliteFileLock> reserve(FileChannel database) throws IOException {
    FileLock reserved = database.tryLock(RESERVED, 1, false);
    return Optional.ofNullable(reserved).map(lock -> new SqliteFileLock(database, lock));
  }

  /**
   * PENDING, then EXCLUSIVE: no reader begins, and those that read are waited for.
   *
   * @return false when readers stayed longer than {@code patience}; new ones are let in again
   */
  boolean exclude(Duration patience) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      if (pending == null) {
        pending = database.tryLock(PENDING, 1, false);
      }
      if (pending != null) {
        shared = database.tryLock(SHARED_FIRST, SHARED_SIZE, false);
        if (shared != null) {
          return true;
        }
      }
      if (System.nanoTime() > deadline) {
        release(pending);
        pending = null;
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static void release(@Nullable FileLock lock) throws IOException {
    if (lock != null && lock.isValid()) {
      lock.release();
    }
  }

  @Override
  public void close() throws IOException {
    release(shared);
    release(pending);
    release(reserved);
  }
}
