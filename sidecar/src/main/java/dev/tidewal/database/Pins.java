package dev.tidewal.database;

import dev.tidewal.database.SqliteConnection.Checkpoint;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The pin of one database and the connections that carry it.
 *
 * <p>Two holders take turns, the new pin is opened before the old one is closed; a third connection
 * counts and checkpoints. Only the first holder (read-only) lives as long as the database is
 * followed; the others are opened when there is something to do and closed when it {@link #rest}s.
 * Decides nothing: {@link LiveDatabase} knows when the pin may move. Not thread-safe. Source:
 * walTryBeginRead, walRestartLog and walCheckpoint in wal.c.
 */
final class Pins implements Closeable {
  private static final int ATTEMPTS = 200;
  private static final int ATTEMPT_PAUSE_MILLIS = 5;

  private final Path database;
  private final SqliteConnection resting;
  private @Nullable SqliteConnection moving;
  private @Nullable SqliteConnection checkpointer;
  private SqliteConnection current;

  private Pins(Path database, SqliteConnection resting) {
    this.database = database;
    this.resting = resting;
    this.current = resting;
  }

  /** Pins the database as it is now. */
  static Pins open(Path database) throws IOException {
    SqliteConnection resting = SqliteConnection.readOnly(database);
    try {
      pin(resting);
      return new Pins(database, resting);
    } catch (IOException | RuntimeException e) {
      resting.close();
      throw e;
    }
  }

  /** Opens a pin on what is committed now, then gives up the old one. */
  void move() throws IOException {
    SqliteConnection next = current == resting ? moving() : resting;
    pin(next);
    current.end();
    current = next;
  }

  /** How many frames are committed, and how many of them are in the database file. */
  Checkpoint count() throws IOException {
    return checkpointer().noop();
  }

  /** Copies up to the oldest reader's mark, ours included. */
  Checkpoint copy() throws IOException {
    return checkpointer().passive();
  }

  /** Keeps the pin as it is and closes what it doesn't need. */
  void rest() throws IOException {
    if (checkpointer != null) {
      checkpointer.close();
      checkpointer = null;
    }
    if (moving != null && current == resting) {
      moving.close();
      moving = null;
    }
  }

  /** Whether the pin sits on the connection that stays, so that {@link #rest} closes all others. */
  boolean isOnResting() {
    return current == resting;
  }

  @Override
  public void close() throws IOException {
    try {
      if (checkpointer != null) {
        checkpointer.close();
      }
      if (moving != null) {
        moving.close();
      }
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
      Pause.millis(ATTEMPT_PAUSE_MILLIS);
    }
    throw new DatabaseLocked();
  }
}
