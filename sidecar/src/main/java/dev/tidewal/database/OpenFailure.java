package dev.tidewal.database;

import dev.tidewal.core.TidewalException;
import java.io.IOException;
import java.nio.file.Path;
import org.sqlite.SQLiteErrorCode;

/** Says in one line for people why a database could not be opened, and what helps. Pure. */
final class OpenFailure {
  private OpenFailure() {}

  /** What is thrown instead; an error that has its name already is thrown as it is. */
  static IOException named(Path path, Exception error) {
    return switch (error) {
      case DatabaseLocked locked -> throw locked(path, locked);
      case SqliteFailure failure -> translate(path, failure);
      case IOException other -> other;
      case RuntimeException other -> throw other;
      default -> throw new IllegalStateException(error);
    };
  }

  /** The kinds that a person can act on; everything else stays an {@link IOException}. */
  static IOException translate(Path path, SqliteFailure failure) {
    return switch (SQLiteErrorCode.getErrorCode(failure.code().code & 0xff)) {
      case SQLITE_BUSY, SQLITE_LOCKED -> throw locked(path, new DatabaseLocked(failure));
      case SQLITE_NOTADB ->
          throw new TidewalException.Refused(
              path + " is not a SQLite database, or it is encrypted: check the path", failure);
      case SQLITE_CORRUPT ->
          throw new TidewalException.Corrupt(
              path + " is damaged: restore it, or repair it with 'sqlite3 ... .recover'", failure);
      case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH ->
          throw new TidewalException.PermissionDenied(
              path
                  + " can't be opened for writing: the user of Tidewal needs write permission for"
                  + " the file, its -wal and -shm, and its directory",
              failure);
      default -> new IOException(path + ": " + failure.getMessage(), failure);
    };
  }

  /** The cause tells those who want to wait for the end of the lock. */
  static TidewalException.Refused locked(Path path, DatabaseLocked cause) {
    return new TidewalException.Refused(
        path
            + " is locked by another process: remove 'PRAGMA locking_mode=EXCLUSIVE' from the"
            + " application, or end the process that keeps the lock",
        cause);
  }
}
