package dev.tidewal.supervisor;

import dev.tidewal.core.Position;
import dev.tidewal.core.TidewalException;
import dev.tidewal.database.WalCheckpoint;
import dev.tidewal.replicate.ReplicationStatus;
import java.time.Duration;
import java.util.List;

/**
 * The databases that run in this process, as the HTTP server and the command see them. Thread-safe.
 */
public interface Databases {
  /** One status for each database, ordered by path; costs no I/O. */
  List<ReplicationStatus> statuses();

  /**
   * Returns when everything committed before the call is durable.
   *
   * @param database path of one database as configured
   * @return the durable position
   * @throws TidewalException.StoreUnreachable when {@code wait} passed first
   * @throws TidewalException.Fenced when this writer no longer owns the replica
   * @throws TidewalException.Usage when there is no such database
   */
  Position sync(String database, Duration wait);

  /**
   * Returns when a snapshot of the database as it is now is durable; reads every page.
   *
   * @param database path of one database as configured
   * @return the snapshot's position
   * @throws TidewalException as {@link #sync}
   */
  Position snapshot(String database, Duration wait);

  /**
   * Makes durable what is committed, then checkpoints the WAL as an application would.
   *
   * @param database path of one database as configured
   * @throws TidewalException as {@link #sync}; {@link TidewalException.Refused} when SQLite can't
   */
  WalCheckpoint.Report checkpoint(String database, WalCheckpoint.Mode mode, Duration wait);
}
