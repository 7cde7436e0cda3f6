package dev.tidewal.fence;

/** What the start finds of the local database file. */
public sealed interface LocalDatabase {
  /** There is no file. */
  record Missing() implements LocalDatabase {}

  /**
   * A file, and what it takes to place it in the replica's history.
   *
   * @param intact it begins as a SQLite database and can be read
   * @param wal its WAL
   * @param content its pages
   * @param sentPages whether every page that was sent since the last known backfill still has its
   *     recorded checksum in the database file; asked for only when it matters
   * @param wroteHead the newest L0 file of Litestream's local directory beside it is the replica's
   *     head: this file wrote it
   */
  record Present(
      boolean intact, LocalWal wal, LocalContent content, Answer sentPages, boolean wroteHead)
      implements LocalDatabase {}

  /** The answer to a question that costs something. */
  enum Answer {
    NOT_ASKED,
    NO,
    YES
  }
}
