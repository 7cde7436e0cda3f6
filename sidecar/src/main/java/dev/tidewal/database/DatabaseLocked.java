package dev.tidewal.database;

import java.io.IOException;

/** Not even a read transaction can be had: another process holds the database exclusively. */
final class DatabaseLocked extends IOException {
  private static final long serialVersionUID = 1;

  DatabaseLocked() {
    super("the database is locked by another process");
  }
}
