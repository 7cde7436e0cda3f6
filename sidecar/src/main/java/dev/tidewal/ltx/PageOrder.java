package dev.tidewal.ltx;

import org.jspecify.annotations.Nullable;

/**
 * The rules for page numbers in one file: ascending, never the lock page, none above Commit, and no
 * hole in a snapshot.
 */
final class PageOrder {
  private final LtxHeader header;
  private final long lockPage;
  private long last;
  private long pages;

  PageOrder(LtxHeader header) {
    this.header = header;
    this.lockPage = LtxHeader.lockPage(header.pageSize());
  }

  /** What is wrong with {@code pgno} as the next page, or null. */
  @Nullable String defect(long pgno) {
    if (pgno <= last) {
      return "page " + pgno + " follows page " + last;
    }
    if (pgno == lockPage) {
      return "page " + pgno + " is the lock page";
    }
    if (pgno > header.commit()) {
      return "page " + pgno + " is above Commit " + header.commit();
    }
    long next = last + 1 == lockPage ? lockPage + 1 : last + 1;
    return header.isSnapshot() && pgno != next
        ? "page " + next + " is missing in a snapshot"
        : null;
  }

  void advance(long pgno) {
    last = pgno;
    pages++;
  }

  /** What is missing when the pages end here, or null. */
  @Nullable String endDefect() {
    return header.isSnapshot() && pages != header.snapshotPages()
        ? "snapshot has " + pages + " pages of " + header.snapshotPages()
        : null;
  }

  long pages() {
    return pages;
  }
}
