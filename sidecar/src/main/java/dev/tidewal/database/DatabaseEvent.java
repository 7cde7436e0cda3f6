package dev.tidewal.database;

/**
 * Something happened to the files of a followed database that ends the stream. The caller closes
 * this {@link LiveDatabase}, opens another one, and sends a difference or everything.
 */
public sealed interface DatabaseEvent {
  /** One line for people: what happened. */
  String sentence();

  /** The file is gone. What was captured is good; nothing new will come. */
  record Deleted() implements DatabaseEvent {
    @Override
    public String sentence() {
      return "the database file was deleted";
    }
  }

  /** The path names another file now. */
  record Replaced() implements DatabaseEvent {
    @Override
    public String sentence() {
      return "the database file was replaced by another one";
    }
  }

  /** The WAL file was deleted or replaced under a running application. */
  record WalReplaced() implements DatabaseEvent {
    @Override
    public String sentence() {
      return "the -wal file was deleted or replaced while the database was in use";
    }
  }

  /**
   * The {@code -shm} file was deleted or replaced under a running application, and there is another
   * one: whoever opens the database now shares another index and other locks, so neither its
   * commits nor our pin are seen by both.
   */
  record IndexReplaced() implements DatabaseEvent {
    @Override
    public String sentence() {
      return "the -shm file was deleted or replaced while the database was in use; whoever does that"
          + " can corrupt the database";
    }
  }

  /** The database has another page size now. */
  record PageSizeChanged(int from, int to) implements DatabaseEvent {
    @Override
    public String sentence() {
      return "the page size changed from " + from + " to " + to;
    }
  }

  /** The database is no longer in WAL mode, or no longer a database. */
  record NotWal() implements DatabaseEvent {
    @Override
    public String sentence() {
      return "the database file is no longer in WAL mode";
    }
  }

  /** Frames that nobody captured are no longer there. Must not happen beneath a pin. */
  record ContinuityLost(String what) implements DatabaseEvent {
    @Override
    public String sentence() {
      return "commits went by unseen: " + what;
    }
  }

  /** A committed frame fails its checksum: the WAL file was changed by something else. */
  record WalDamaged(long offset) implements DatabaseEvent {
    @Override
    public String sentence() {
      return "the -wal file is damaged at byte " + offset;
    }
  }
}
