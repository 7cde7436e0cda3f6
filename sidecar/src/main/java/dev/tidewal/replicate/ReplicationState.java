package dev.tidewal.replicate;

/** What a database's replication is doing, as shown in status, metrics and readiness. */
public enum ReplicationState {
  /** Waiting for the database file to appear, or to become a SQLite database. */
  WAITING_FOR_DATABASE,
  /** Reading the replica's head and deciding what to do. */
  STARTING,
  /** Following; everything committed is durable or on its way. */
  REPLICATING,
  /** Following, but the store does not take what we have: the WAL and then the spool keep it. */
  DEGRADED,
  /** Another owner took the replica over; nothing is written any more. */
  FENCED,
  /** The start was refused, or the database can't be replicated; see the problem. */
  REFUSED,
  /** Shut down after its final sync. */
  STOPPED
}
