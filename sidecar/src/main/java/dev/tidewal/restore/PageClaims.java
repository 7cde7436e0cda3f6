package dev.tidewal.restore;

import dev.tidewal.ltx.LtxHeader;
import java.util.OptionalLong;

/**
 * Which pages of the result are supplied, and up to where older files may still supply any.
 *
 * <p>Files are offered newest first. A page belongs to the newest file that has it, unless a newer
 * file had cut the database off before that page: then what an older file knows of it is gone, as
 * SQLite would have it. Not thread-safe.
 */
final class PageClaims {
  private final long commit;
  private final long lockPage;
  private final PageSet supplied;
  private long limit;

  /**
   * @param commit size of the result in pages
   */
  PageClaims(long commit, int pageSize) {
    this.commit = commit;
    this.limit = commit;
    this.lockPage = LtxHeader.lockPage(pageSize);
    this.supplied = new PageSet(commit);
  }

  /** Whether the page is wanted from the file that offers it now; then it is supplied. */
  boolean claim(long pgno) {
    return pgno <= limit && supplied.add(pgno);
  }

  /** No page of the current file is left; the next one is older. */
  void fileEnded(long commitOfFile) {
    limit = Math.min(limit, commitOfFile);
  }

  /** The first page of the result, from {@code pgno} on, that no file supplied. */
  OptionalLong missing(long pgno) {
    long missing = supplied.nextAbsent(pgno);
    if (missing == lockPage) {
      missing = supplied.nextAbsent(lockPage + 1);
    }
    return missing > commit ? OptionalLong.empty() : OptionalLong.of(missing);
  }
}
