package dev.tidewal.restore;

/** How much SQLite itself examines a restored database before it gets its name. */
public enum IntegrityCheck {
  /** Nothing: checksums alone. */
  NONE,
  /** {@code PRAGMA quick_check}: structure, without comparing indexes with tables. */
  QUICK,
  /** {@code PRAGMA integrity_check}. */
  FULL
}
