package dev.tidewal.supervisor;

import dev.tidewal.fence.LocalWal;
import dev.tidewal.wal.FrameConsumer;
import dev.tidewal.wal.WalHeader;
import dev.tidewal.wal.WalPoint;
import dev.tidewal.wal.WalScanner;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what the WAL beside a database shows of the past. Closing a {@code -wal} descriptor drops
 * no lock.
 */
final class LocalWalReader {
  private LocalWalReader() {}

  /**
   * @param offsets where the running checksum is asked for
   */
  static LocalWal read(Path database, List<Long> offsets) throws IOException {
    // SQLite keeps it beside the file that a symbolic link leads to.
    try (FileChannel wal = FileChannel.open(Path.of(database.toRealPath() + "-wal"))) {
      Optional<WalHeader> header = WalScanner.readHeader(wal);
      return header.isEmpty() ? new LocalWal.None() : scan(wal, header.get(), offsets);
    } catch (NoSuchFileException e) {
      return new LocalWal.None();
    }
  }

  private static LocalWal scan(FileChannel wal, WalHeader header, List<Long> offsets)
      throws IOException {
    Points points = new Points(offsets);
    WalPoint start = header.start();
    points.commit(start, 0);
    WalPoint end = new WalScanner(wal, header).scan(start, WalScanner.UNLIMITED, points).end();
    return new LocalWal.Present(end, points.known);
  }

  private static final class Points implements FrameConsumer {
    private final List<Long> offsets;
    private final List<WalPoint> known = new ArrayList<>();

    Points(List<Long> offsets) {
      this.offsets = offsets;
    }

    @Override
    public void frame(long pgno, long commit, long pageOffset) {}

    @Override
    public void commit(WalPoint end, long commitPages) {
      if (offsets.contains(end.offset())) {
        known.add(end);
      }
    }
  }
}
