package dev.tidewal.cli;

import dev.tidewal.core.TidewalException;
import dev.tidewal.database.WalCheckpoint;
import dev.tidewal.database.WalCheckpoint.Mode;
import dev.tidewal.state.Acknowledged;
import dev.tidewal.state.StateDirectory;
import dev.tidewal.wal.FrameConsumer;
import dev.tidewal.wal.WalHeader;
import dev.tidewal.wal.WalPoint;
import dev.tidewal.wal.WalScanner;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * A checkpoint of a database that no sidecar follows. Where one did before, the WAL is only thrown
 * away when the replica has all of it: else the next start has to compare the whole database.
 */
final class LoneCheckpoint {
  private static final FrameConsumer NOTHING =
      new FrameConsumer() {
        @Override
        public void frame(long pgno, long commit, long pageOffset) {}

        @Override
        public void commit(WalPoint end, long commitPages) {}
      };

  private final Path database;
  private final Optional<Path> states;

  /**
   * @param states where the configuration keeps local state
   */
  LoneCheckpoint(Path database, Optional<Path> states) {
    this.database = database;
    this.states = states;
  }

  WalCheckpoint.Report run(Mode mode, Duration patience) throws IOException {
    if (!Files.isDirectory(StateDirectory.locate(database, states))) {
      return WalCheckpoint.run(database, mode, patience);
    }
    // Held so that no sidecar starts meanwhile.
    try (StateDirectory state = open()) {
      Optional<Acknowledged> acknowledged = state.acknowledged();
      boolean discards =
          switch (mode) {
            case PASSIVE, FULL -> false;
            case RESTART, TRUNCATE -> true;
          };
      if (discards && acknowledged.isPresent() && !isDurable(acknowledged.get().wal())) {
        throw new TidewalException.Refused(
            database
                + ": its WAL holds what is not in the replica yet: run `tidewal replicate --once`"
                + " for it before a "
                + mode
                + " checkpoint, or use --mode passive");
      }
      return WalCheckpoint.run(database, mode, patience);
    }
  }

  private StateDirectory open() throws IOException {
    try {
      return StateDirectory.open(database, states);
    } catch (TidewalException.Refused running) {
      throw new TidewalException.Refused(
          running.getMessage() + "; or name that sidecar's address with --addr", running);
    }
  }

  /** Whether the WAL ends where the replica's newest object does. */
  private boolean isDurable(Optional<WalPoint> acknowledged) throws IOException {
    try (FileChannel channel =
        FileChannel.open(Path.of(database.toRealPath() + "-wal"), StandardOpenOption.READ)) {
      Optional<WalHeader> header = WalScanner.readHeader(channel);
      if (header.isEmpty()) {
        return true;
      }
      WalPoint start = header.get().start();
      WalPoint end =
          new WalScanner(channel, header.get()).scan(start, WalScanner.UNLIMITED, NOTHING).end();
      return end.equals(start) || acknowledged.equals(Optional.of(end));
    } catch (NoSuchFileException none) {
      return true;
    }
  }
}
