package dev.tidewal.database;

import java.time.Duration;
import java.util.Optional;

/**
 * The state of a WAL after {@link LiveDatabase#tend}.
 *
 * @param state what is going on, or what keeps the WAL from being shortened
 * @param walBytes bytes of the WAL that are in use
 * @param fileBytes size of the {@code -wal} file, which SQLite doesn't shorten by itself
 * @param unsettledBytes bytes of it that are not settled
 * @param backfilled everything that is settled is in the database file
 * @param heldByReader since when a read transaction of the application is in the way
 * @param comeBack when to call again although no event came; empty: not before the next event
 */
public record WalHealth(
    State state,
    long walBytes,
    long fileBytes,
    long unsettledBytes,
    boolean backfilled,
    Duration heldByReader,
    Optional<Duration> comeBack) {
  /** What is going on with a WAL. */
  public enum State {
    /** All is settled and checkpointed; the next commit starts the WAL from its beginning. */
    SEALED,
    /** Commits come and go; nothing is in the way. */
    FOLLOWING,
    /** A capture, or commits that nobody captured yet, hold the WAL. */
    HELD_BY_CAPTURE,
    /** A first snapshot or a resync holds the WAL. */
    HELD_BY_SNAPSHOT,
    /** A read transaction of the application holds the WAL. */
    HELD_BY_READER,
    /** The stream ended: see {@link LiveDatabase#event}. */
    ENDED
  }
}
