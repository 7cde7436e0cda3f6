package dev.tidewal.database;

import java.io.IOException;

/**
 * The last commits before a seal under load, copied into memory, so that the WAL may be restarted
 * although they are not settled. Bounded. Not thread-safe.
 */
final class Tail {
  /** Most that is kept for one database. */
  static final long MAX_BYTES = 8 << 20;

  private final PageMap map;
  private final byte[] pages;
  private final long smallestCommit;
  private final long walBytes;
  private final Base end;

  private Tail(PageMap map, byte[] pages, long smallestCommit, long walBytes, Base end) {
    this.map = map;
    this.pages = pages;
    this.smallestCommit = smallestCommit;
    this.walBytes = walBytes;
    this.end = end;
  }

  /**
   * Copies the pages of a batch from the WAL and from the tail before.
   *
   * @param older pages of the tail before
   */
  static Tail of(
      Batch batch, byte[] older, int pageSize, WalFile wal, DatabaseFile database, Base end)
      throws IOException {
    PageMap map = batch.finish();
    byte[] pages = new byte[Math.toIntExact((long) map.size() * pageSize)];
    PageMap copied = new PageMap();
    new MappedPages(map, pageSize, wal, database, older)
        .forEach((pgno, page, offset) -> {
          int index = copied.size();
          System.arraycopy(page, offset, pages, index * pageSize, pageSize);
          copied.add(pgno, PageMap.memory(index));
        });
    copied.commit();
    return new Tail(copied, pages, batch.smallestCommit(), batch.walBytes(), end);
  }

  void addTo(PageMap other) {
    for (int i = 0; i < map.size(); i++) {
      other.add(map.pgno(i), map.place(i));
    }
    other.commit();
  }

  /** The pages, one behind the other; a memory place counts in pages. */
  byte[] pages() {
    return pages;
  }

  /** The smallest database size in pages after any of its transactions. */
  long smallestCommit() {
    return smallestCommit;
  }

  /** How many WAL bytes it was read from. */
  long walBytes() {
    return walBytes;
  }

  /** The place behind it. */
  Base end() {
    return end;
  }
}
