package dev.tidewal.database;

import java.util.Locale;

/**
 * Something about a database or its application that a person should know.
 *
 * @param kind which one
 * @param sentence what was found, in one line
 */
public record Finding(Kind kind, String sentence) {
  /** What can be found, each with its cure. */
  public enum Kind {
    OLD_SQLITE(
        "use SQLite 3.51.3 or newer in the application: older ones can corrupt a WAL database when"
            + " two connections checkpoint at the same time (the WAL-reset bug)"),
    NOT_WAL("run 'PRAGMA journal_mode=WAL' on the database once, or allow the conversion"),
    NETWORK_VOLUME(
        "put the database on a local disk: SQLite's WAL needs memory shared between processes,"
            + " which network file systems don't have"),
    OVERLAY_VOLUME(
        "put the database on a volume: this file system is lost with the container, and the"
            + " application in another container doesn't see the same files"),
    EXCLUSIVE_APPLICATION(
        "remove 'PRAGMA locking_mode=EXCLUSIVE' from the application: nobody else can read then"),
    ENDLESS_READER(
        "end the read transaction in the application (an open cursor or a forgotten BEGIN): the WAL"
            + " grows until it ends"),
    DATABASE_REWRITTEN(
        "run VACUUM rarely: each time the whole database goes through the WAL and to the replica"),
    LARGE_WAL_FILE(
        "run 'PRAGMA wal_checkpoint(TRUNCATE)' once, or set 'PRAGMA journal_size_limit' in the"
            + " application, to give the disk space back");

    private final String cure;

    Kind(String cure) {
      this.cure = cure;
    }

    public String cure() {
      return cure;
    }
  }

  /** The kind as {@code /status} shows it, for example {@code OldSqlite}. */
  public String code() {
    StringBuilder code = new StringBuilder();
    for (String word : kind.name().split("_", -1)) {
      code.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return code.toString();
  }

  /** What helps, in one line. */
  public String cure() {
    return kind.cure();
  }
}
