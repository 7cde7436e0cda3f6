package dev.tidewal.database;

import dev.tidewal.wal.WalHeader;
import org.jspecify.annotations.Nullable;

/**
 * How far a WAL is, by SQLite's shared index, together with the file header that this is about.
 *
 * @param header null when the file is missing, empty or not valid
 * @param place generation and number of committed frames
 * @param backfilled how many of these frames are in the database file
 */
record WalStatus(@Nullable WalHeader header, WalPlace place, long backfilled) {
  long frames() {
    return place.frames();
  }

  /**
   * Everything is in the database file. Seen after the pin was opened, this also means that the
   * file doesn't change as long as the pin stays: the pin is on mark 0, or its own mark is the end.
   */
  boolean isBackfilled() {
    return backfilled == place.frames();
  }

  int frameBytes() {
    return header == null ? 0 : header.frameBytes();
  }

  /** Bytes of the WAL in use: its header and all committed frames. */
  long walBytes() {
    return header == null ? 0 : WalHeader.SIZE + frames() * frameBytes();
  }
}
