package dev.tidewal.database;

import dev.tidewal.database.SqliteConnection.Checkpoint;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The pin of one database and the connections that carry it.
 *
 * <p>Two holders take turns, the new pin is opened before the old one is closed; a third connection
 * counts and checkpoints, and a fourth, opened only under load, takes the write lock. Only the
 * first holder (read-only) lives as long as the database is followed; the others are opened when
 * there is something to do and closed when it {@link #rest}s. Decides nothing: {@link LiveDatabase}
 * knows when the pin may move. Not thread-safe. Source: walTryBeginRead, walRestartLog and
 * walCheckpoint in wal.c.
 */
final class Pins implements Closeable {
  private static final int ATTEMPTS = 3000;

  private final Path database;
  private final SqliteConnection resting;
  private @Nullable SqliteConnection moving;
  private @Nullable SqliteConnection checkpointer;
  private @Nullable SqliteConnection locker;
  private SqliteConnection current;

  private Pins(Path database, SqliteConnection resting) {
    this.database = database;
    this.resting = resting;
    this.current = resting;
  }

  /** Pins the database as it is now. */
  static Pins open(Path database) throws IOException {
    // A writable connection first: it recovers what a read-only one can't (a hot journal).
    SqliteConnection writable = SqliteConnection.readWrite(database);
    try {
      pin(writable);
      SqliteConnection resting = SqliteConnection.readOnly(database);
      try {
        pin(resting);
        resting.keepLittle();
        pin(resting);
      } catch (IOException | RuntimeException | Error e) {
        resting.close();
        throw e;
      }
      writable.end();
      Pins pins = new Pins(database, resting);
      pins.checkpointer = writable;
      return pins;
    } catch (IOException | RuntimeException | Error e) {
      writable.close();
      throw e;
    }
  }

  /** Opens a pin on what is committed now, then gives up the old one. */
  void move() throws IOException {
    SqliteConnection next = current == resting ? moving() : resting;
    next.end();
    pin(next);
    current.end();
    current = next;
  }

  /** How many frames are committed, and how many of them are in the database file. */
  Checkpoint count() throws IOException {
    return checkpointer().noop();
  }

  /**
   * Copies everything and cuts the WAL file; only when sealed, and nobody waits for it.
   *
   * @return false when somebody else was in the way
   */
  boolean truncate() throws IOException {
    return !checkpointer().truncate().busy();
  }

  /** Copies up to the oldest reader's mark, ours included. */
  Checkpoint copy() throws IOException {
    return checkpointer().passive();
  }

  /**
   * Takes the write lock; its transaction is a pin too.
   *
   * @return false when no gap between the transactions of others was found in time
   */
  boolean lock(Duration atMost) throws IOException {
    if (locker == null) {
      locker = SqliteConnection.readWrite(database);
    }
    long end = System.nanoTime() + atMost.toNanos();
    do {
      if (locker.lock()) {
        return true;
      }
      // SQLite's busy handler sleeps far longer than a flat-out writer leaves the lock free.
      Thread.onSpinWait();
    } while (System.nanoTime() < end);
    return false;
  }

  /** Opens the pin again where it is; only beneath the write lock, whose transaction holds on. */
  void renew(Renewal meanwhile) throws IOException {
    current.end();
    try {
      meanwhile.run();
    } finally {
      pin(current);
    }
  }

  /** Gives up the write lock. */
  void unlock() throws IOException {
    if (locker != null) {
      locker.end();
    }
  }

  /** Keeps the pin as it is and closes what it doesn't need. */
  void rest() throws IOException {
    if (current != resting) {
      throw new IllegalStateException("the pin is on a connection that does not stay");
    }
    closeOthers();
  }

  /** Whether the pin sits on the connection that stays. */
  boolean isOnResting() {
    return current == resting;
  }

  private void closeOthers() throws IOException {
    for (SqliteConnection other : new SqliteConnection[] {locker, checkpointer, moving}) {
      if (other != null) {
        other.close();
      }
    }
    locker = null;
    checkpointer = null;
    moving = null;
  }

  /** The read-only connection is closed last, or SQLite would checkpoint and delete the WAL. */
  @Override
  public void close() throws IOException {
    try {
      closeOthers();
    } finally {
      resting.close();
    }
  }

  private SqliteConnection moving() throws IOException {
    if (moving == null) {
      moving = SqliteConnection.readWrite(database);
    }
    return moving;
  }

  private SqliteConnection checkpointer() throws IOException {
    if (checkpointer == null) {
      checkpointer = SqliteConnection.readWrite(database);
    }
    return checkpointer;
  }

  /** Readers meet a lock only while the WAL index is being rebuilt, or beside EXCLUSIVE mode. */
  private static void pin(SqliteConnection connection) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (connection.pin()) {
        return;
      }
      Pause.millis(1);
    }
    throw new DatabaseLocked();
  }

  /** What happens while only the write lock holds the WAL. */
  interface Renewal {
    void run() throws IOException;
  }
}
