package dev.tidewal.database;

import dev.tidewal.database.SqliteConnection.Checkpoint;
import dev.tidewal.wal.WalHeader;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Counts the committed frames and the restarts of a WAL. Not thread-safe. */
final class WalWatch {
  private static final int ATTEMPTS = 5000;
  private static final int SPINS = 20;

  private final WalFile wal;
  private final Pins pins;
  private @Nullable WalHeader current;
  private @Nullable WalHeader lastRead;
  private long generation;

  WalWatch(WalFile wal, Pins pins) {
    this.wal = wal;
    this.pins = pins;
  }

  /**
   * Where the WAL is now.
   *
   * <p>The number of frames comes from SQLite's shared index and not from the file: a frame in the
   * file may be valid and yet never be committed, as when its writer dies before it has published
   * it. A restart resets the index first, writes the header then, and publishes frames last, so a
   * count that lies between two equal headers belongs to them (or is 0), however long ago the first
   * was read: a restart changes the salts.
   */
  WalStatus look() throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      WalHeader before = lastRead;
      Checkpoint count = pins.count();
      WalHeader after = wal.header().orElse(null);
      lastRead = after;
      boolean readable = before != null || count.frames() == 0;
      if (!count.busy() && readable && Objects.equals(before, after)) {
        return status(before, count);
      }
      // A writer that loses its processor in the middle of publishing a commit keeps us waiting.
      if (attempt > SPINS) {
        Pause.millis(1);
      }
    }
    throw new IOException("the state of the WAL can't be read: " + wal);
  }

  private WalStatus status(@Nullable WalHeader header, Checkpoint count) {
    if (header != null && !header.equals(current)) {
      current = header;
      generation++;
    }
    long frames = header == null ? 0 : Math.max(0, count.frames());
    long backfilled = header == null ? 0 : Math.max(0, count.backfilled());
    return new WalStatus(header, new WalPlace(generation, frames), backfilled);
  }
}
