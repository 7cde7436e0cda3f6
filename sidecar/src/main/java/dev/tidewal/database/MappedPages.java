package dev.tidewal.database;

import dev.tidewal.wal.WalFrameHeader;
import dev.tidewal.wal.WalHeader;
import java.io.IOException;

/**
 * The pages of a {@link PageMap}, read from the WAL, the database file, or a copy in memory. Pages
 * that lie side by side are read together, up to 1 MiB at once.
 */
final class MappedPages implements CapturedPages {
  private static final int MAX_READ_BYTES = 1 << 20;

  private final PageMap map;
  private final int pageSize;
  private final WalFile wal;
  private final DatabaseFile database;
  private final byte[] memory;

  /**
   * @param map finished
   * @param memory pages of the memory places, one behind the other
   */
  MappedPages(PageMap map, int pageSize, WalFile wal, DatabaseFile database, byte[] memory) {
    this.map = map;
    this.pageSize = pageSize;
    this.wal = wal;
    this.database = database;
    this.memory = memory;
  }

  @Override
  public long count() {
    return map.size();
  }

  @Override
  public void forEach(PageSink sink) throws IOException {
    byte[] buffer = new byte[0];
    for (int first = 0; first < map.size(); ) {
      int last = runEnd(first);
      long place = map.place(first);
      if (PageMap.isFrame(place)) {
        int bytes = (last - first) * frameBytes();
        buffer = atLeast(buffer, bytes);
        wal.read(frameOffset(place), buffer, 0, bytes);
        emit(first, last, buffer, WalFrameHeader.SIZE, frameBytes(), sink);
      } else if (place == PageMap.DATABASE) {
        int bytes = (last - first) * pageSize;
        buffer = atLeast(buffer, bytes);
        database.read((map.pgno(first) - 1) * pageSize, buffer, 0, bytes);
        emit(first, last, buffer, 0, pageSize, sink);
      } else {
        emit(first, last, memory, PageMap.memoryIndex(place) * pageSize, pageSize, sink);
      }
      first = last;
    }
  }

  private void emit(int first, int last, byte[] bytes, int offset, int step, PageSink sink)
      throws IOException {
    for (int i = first; i < last; i++) {
      sink.page(map.pgno(i), bytes, offset + (i - first) * step);
    }
  }

  /** The end of the run of entries from {@code first} on that lie side by side where they are. */
  private int runEnd(int first) {
    int limit = Math.min(map.size(), first + Math.max(1, MAX_READ_BYTES / frameBytes()));
    int last = first + 1;
    while (last < limit && follows(last)) {
      last++;
    }
    return last;
  }

  private boolean follows(int index) {
    long place = map.place(index);
    return place == PageMap.DATABASE
        ? map.place(index - 1) == PageMap.DATABASE && map.pgno(index) == map.pgno(index - 1) + 1
        : place == map.place(index - 1) + 1 && map.place(index - 1) != PageMap.DATABASE;
  }

  private int frameBytes() {
    return WalFrameHeader.SIZE + pageSize;
  }

  private long frameOffset(long place) {
    return WalHeader.SIZE + PageMap.frameIndex(place) * frameBytes();
  }

  private static byte[] atLeast(byte[] buffer, int bytes) {
    return buffer.length >= bytes ? buffer : new byte[bytes];
  }
}
