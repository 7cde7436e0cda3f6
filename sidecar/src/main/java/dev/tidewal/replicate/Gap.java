package dev.tidewal.replicate;

/**
 * What must be sent before the WAL can be followed on, because commits may be missing between
 * replica and WAL.
 */
public enum Gap {
  /** Nothing: the WAL continues the replica. */
  NONE,
  /** The pages that differ from what the replica is known to hold. */
  DIFFERENCE,
  /** Every page. */
  FULL
}
