package dev.tidewal.database;

import java.io.IOException;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** SQLite could not do something locally; the code says what kind of trouble it is. */
final class SqliteFailure extends IOException {
  private static final long serialVersionUID = 1;

  private final SQLiteErrorCode code;

  SqliteFailure(String what, SQLiteErrorCode code, SQLException cause) {
    super(what + ": " + cause.getMessage(), cause);
    this.code = code;
  }

  SQLiteErrorCode code() {
    return code;
  }

  /** Whether the primary code (the low 8 bits of an extended one) is {@code primary}. */
  boolean is(SQLiteErrorCode primary) {
    return (code.code & 0xff) == primary.code;
  }
}
