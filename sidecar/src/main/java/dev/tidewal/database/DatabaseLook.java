package dev.tidewal.database;

import dev.tidewal.core.TidewalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Optional;

/** What is under the path of a database, without SQLite. */
public sealed interface DatabaseLook {
  /** No file: it may appear later. */
  record Missing() implements DatabaseLook {}

  /** A file without bytes: a valid database to which nothing was written yet. */
  record Empty() implements DatabaseLook {}

  /**
   * A database.
   *
   * @param pageSize bytes
   * @param wal whether it is in WAL mode
   * @param pages size in pages by its header, 0 if the header does not know
   * @param lastWriter version number of the SQLite that wrote last, 0 if unknown
   */
  record Database(int pageSize, boolean wal, long pages, int lastWriter) implements DatabaseLook {}

  /**
   * Looks at a path.
   *
   * @throws TidewalException.Refused when it is something, but not a SQLite database
   * @throws TidewalException.PermissionDenied when it can't be read
   */
  static DatabaseLook at(Path path) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (attributes.isDirectory()) {
        throw new TidewalException.Refused(
            path + " is a directory: name the database file, or use 'dir' with a 'pattern'");
      }
      if (!attributes.isRegularFile()) {
        throw new TidewalException.Refused(path + " is not a regular file: name a database file");
      }
      if (!Files.isReadable(path)) {
        throw denied(path, "read");
      }
      try (DatabaseFile file = DatabaseFile.open(path)) {
        return of(path, file);
      }
    } catch (NoSuchFileException e) {
      return new Missing();
    } catch (AccessDeniedException e) {
      throw denied(path, "reach");
    }
  }

  private static DatabaseLook of(Path path, DatabaseFile file) throws IOException {
    byte[] head = file.head(DatabaseHeader.SIZE);
    if (head.length == 0) {
      return new Empty();
    }
    Optional<DatabaseHeader> header = DatabaseHeader.read(head);
    if (header.isEmpty()) {
      throw notADatabase(path, head);
    }
    DatabaseHeader found = header.get();
    return new Database(found.pageSize(), found.wal(), found.pages(), found.lastWriter());
  }

  private static TidewalException.PermissionDenied denied(Path path, String what) {
    return new TidewalException.PermissionDenied(
        path
            + ": no permission to "
            + what
            + " it: run Tidewal as the user (or group) of the application");
  }

  /** A page of random bytes is what SQLCipher and SEE leave of the header. */
  private static TidewalException.Refused notADatabase(Path path, byte[] head) {
    boolean text = true;
    for (byte b : head) {
      text &= b >= 9 && b < 127;
    }
    String start =
        new String(Arrays.copyOf(head, Math.min(16, head.length)), StandardCharsets.ISO_8859_1)
            .replaceAll("[^ -~]", ".");
    boolean maybeEncrypted = !text && head.length == DatabaseHeader.SIZE;
    return new TidewalException.Refused(
        path
            + " is not a SQLite database (it starts with \""
            + start
            + "\")"
            + (maybeEncrypted
                ? ": it may be encrypted (SQLCipher, SEE), which is not supported"
                : ": check the path"));
  }
}
