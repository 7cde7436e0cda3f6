package dev.tidewal.database;

import java.io.IOException;

/**
 * Not even a read transaction can be had: another process holds the database exclusively. It may
 * end that in a moment.
 */
public final class DatabaseLocked extends IOException {
  private static final long serialVersionUID = 1;
  private static final String MESSAGE = "the database is locked by another process";

  DatabaseLocked() {
    super(MESSAGE);
  }

  DatabaseLocked(Throwable cause) {
    super(MESSAGE, cause);
  }
}
