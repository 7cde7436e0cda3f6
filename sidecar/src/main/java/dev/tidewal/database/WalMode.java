package dev.tidewal.database;

import dev.tidewal.core.TidewalException;
import dev.tidewal.database.DatabaseSettings.Conversion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sqlite.SQLiteErrorCode;

/** Makes sure that a database is in WAL mode. */
final class WalMode {
  private static final int ATTEMPTS = 100;
  private static final int ATTEMPT_PAUSE_MILLIS = 50;

  private final Path path;

  WalMode(Path path) {
    this.path = path;
  }

  /** Converts the database if that is allowed; says whether it did. */
  boolean ensure(DatabaseFile file, Conversion conversion) throws IOException {
    if (!Files.isWritable(path)) {
      throw new TidewalException.PermissionDenied(
          path + ": no permission to write it: run Tidewal as the user of the application");
    }
    boolean wal = DatabaseHeader.read(file.head(DatabaseHeader.SIZE)).orElseThrow().wal();
    if (wal) {
      return false;
    }
    switch (conversion) {
      case ALLOWED -> convert();
      case REFUSED ->
          throw new TidewalException.Refused(
              path
                  + " is not in WAL mode and conversion is switched off: run 'PRAGMA"
                  + " journal_mode=WAL' on it once, or allow the conversion");
      case DONE_BEFORE ->
          throw new TidewalException.Refused(
              "JournalModeConflict: "
                  + path
                  + " was switched to WAL mode by Tidewal and is back in rollback mode: remove"
                  + " 'PRAGMA journal_mode' from the application, or set it to WAL there");
    }
    return true;
  }

  private void convert() throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try (SqliteConnection connection = SqliteConnection.readWrite(path)) {
        if (connection.pragma("journal_mode=wal").equals("wal")) {
          return;
        }
      } catch (SqliteFailure e) {
        if (!e.is(SQLiteErrorCode.SQLITE_BUSY)) {
          throw e;
        }
      }
      Pause.millis(ATTEMPT_PAUSE_MILLIS);
    }
    throw OpenFailure.locked(path, new DatabaseLocked());
  }
}
