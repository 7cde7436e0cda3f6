package dev.tidewal.database;

import dev.tidewal.core.TidewalException;
import dev.tidewal.database.SqliteConnection.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * A checkpoint as an application makes it, on a connection of its own: a pin or another reader is
 * waited for, never overruled. The WAL stays when this is the last connection.
 */
public final class WalCheckpoint {
  private static final long BETWEEN_ATTEMPTS_MILLIS = 20;

  private WalCheckpoint() {}

  /** SQLite's modes. */
  public enum Mode {
    /** Copies what no reader still needs from the WAL, and waits for nobody. */
    PASSIVE,
    /** Copies everything. */
    FULL,
    /** The same, and the next commit starts the WAL from its beginning. */
    RESTART,
    /** The same, and cuts the WAL file to nothing. */
    TRUNCATE;

    /** The mode of a name, in any case. */
    public static Optional<Mode> parse(String name) {
      for (Mode mode : values()) {
        if (mode.name().equalsIgnoreCase(name)) {
          return Optional.of(mode);
        }
      }
      return Optional.empty();
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What became of it.
   *
   * @param complete whether the mode did all that it promises; a passive one always does
   * @param frames committed frames in the WAL; 0 where that is not known
   * @param copied how many of them are in the database file
   * @param walBytes size of the WAL file afterwards
   */
  public record Report(Mode mode, boolean complete, long frames, long copied, long walBytes) {}

  /**
   * Checkpoints.
   *
   * @param patience how long to try while others are in the way
   * @throws TidewalException.NotFound when there is no database
   * @throws TidewalException.Refused when it is not a database, or not in WAL mode
   */
  public static Report run(Path database, Mode mode, Duration patience) throws IOException {
    boolean wal =
        switch (DatabaseLook.at(database)) {
          case DatabaseLook.Missing() ->
              throw new TidewalException.NotFound(database + " does not exist");
          case DatabaseLook.Empty() ->
              throw new TidewalException.NotFound(database + " is still empty");
          case DatabaseLook.Database found -> found.wal();
        };
    if (!wal) {
      throw new TidewalException.Refused(
          database + " is not in WAL mode: there is nothing to checkpoint");
    }
    long end = System.nanoTime() + patience.toNanos();
    try (var _ = DatabaseFile.open(database);
        // Closed last, so that closing the other does not take the WAL away.
        SqliteConnection last = SqliteConnection.readOnly(database);
        SqliteConnection writable = SqliteConnection.readWrite(database)) {
      look(writable);
      look(last);
      while (true) {
        Checkpoint done = writable.checkpoint(mode);
        boolean complete = mode == Mode.PASSIVE || !done.busy();
        if (complete || System.nanoTime() - end >= 0) {
          return new Report(
              mode,
              complete,
              Math.max(0, done.frames()),
              Math.max(0, done.backfilled()),
              walBytes(database));
        }
        Pause.millis(BETWEEN_ATTEMPTS_MILLIS);
      }
    }
  }

  /** A connection has no part in the WAL before it has read something. */
  private static void look(SqliteConnection connection) throws IOException {
    if (connection.pin()) {
      connection.end();
    }
  }

  private static long walBytes(Path database) throws IOException {
    Path wal = Path.of(database.toRealPath() + "-wal");
    return Files.exists(wal) ? Files.size(wal) : 0;
  }
}
