package dev.tidewal.database;

import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.PageChecksum;
import dev.tidewal.wal.WalFrameHeader;
import dev.tidewal.wal.WalHeader;
import java.io.IOException;

/**
 * All pages of one committed state, or a selection of them: the database file in large sequential
 * reads, overlaid with the frames of the WAL. Consistent under the pin beneath which the overlay
 * was taken, as a checkpoint changes only pages that the overlay has.
 */
final class WholeDatabase implements CapturedPages {
  private static final int MAX_READ_BYTES = 1 << 20;

  private final long commit;
  private final int pageSize;
  private final PageMap overlay;
  private final WalFile wal;
  private final DatabaseFile database;
  private final PageSet selection;

  private WholeDatabase(
      long commit,
      int pageSize,
      PageMap overlay,
      WalFile wal,
      DatabaseFile database,
      PageSet selection) {
    this.commit = commit;
    this.pageSize = pageSize;
    this.overlay = overlay;
    this.wal = wal;
    this.database = database;
    this.selection = selection;
  }

  /** Every page but the lock page. */
  static WholeDatabase all(
      long commit, int pageSize, PageMap overlay, WalFile wal, DatabaseFile database) {
    PageSet all = new PageSet(commit);
    long lockPage = LtxHeader.lockPage(pageSize);
    for (long pgno = 1; pgno <= commit; pgno++) {
      if (pgno != lockPage) {
        all.add(pgno);
      }
    }
    return new WholeDatabase(commit, pageSize, overlay, wal, database, all);
  }

  /** Reads everything once and selects what isn't known to be the same. */
  WholeDatabase differing(KnownPages known) throws IOException {
    PageSet differing = new PageSet(commit);
    forEach((pgno, page, offset) -> {
      if (PageChecksum.of(pgno, page, offset, pageSize) != known.checksum(pgno)) {
        differing.add(pgno);
      }
    });
    return new WholeDatabase(commit, pageSize, overlay, wal, database, differing);
  }

  @Override
  public long count() {
    return selection.size();
  }

  @Override
  public void forEach(PageSink sink) throws IOException {
    int pagesAtOnce = MAX_READ_BYTES / pageSize;
    byte[] buffer = new byte[(int) Math.min(pagesAtOnce, Math.max(1, commit)) * pageSize];
    for (long first = selection.next(1); first > 0; ) {
      int pages = run(first, pagesAtOnce);
      read(first, pages, buffer);
      for (int i = 0; i < pages; i++) {
        sink.page(first + i, buffer, i * pageSize);
      }
      first = selection.next(first + pages);
    }
  }

  /** How many selected pages lie side by side from {@code first} on. */
  private int run(long first, int limit) {
    int pages = 1;
    while (pages < limit && selection.next(first + pages) == first + pages) {
      pages++;
    }
    return pages;
  }

  private void read(long first, int pages, byte[] buffer) throws IOException {
    database.read((first - 1) * pageSize, buffer, 0, pages * pageSize);
    int frameBytes = WalFrameHeader.SIZE + pageSize;
    int index = overlay.indexOf(first);
    for (; index < overlay.size() && overlay.pgno(index) < first + pages; index++) {
      long frame = PageMap.frameIndex(overlay.place(index));
      long offset = WalHeader.SIZE + frame * frameBytes + WalFrameHeader.SIZE;
      int at = (int) (overlay.pgno(index) - first) * pageSize;
      wal.read(offset, buffer, at, pageSize);
    }
  }
}
