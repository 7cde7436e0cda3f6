package dev.tidewal.restore;

import dev.tidewal.ltx.LtxHeader;
import java.util.OptionalLong;

/**
 * Which pages of the result are supplied, and up to where older files may still supply any.
 *
 * <p>Files are offered newest first. A page belongs to the newest file that has it, unless a newer
 * file had cut the database off before that page: then what an older file knows of it is gone, as
 * SQLite would have it. One bit a page. Not thread-safe.
 */
final class PageClaims {
  private static final int CHUNK_PAGES = 1 << 20;

  private final long commit;
  private final long lockPage;
  private final long[][] chunks;
  private long limit;

  /**
   * @param commit size of the result in pages
   */
  PageClaims(long commit, int pageSize) {
    this.commit = commit;
    this.limit = commit;
    this.lockPage = LtxHeader.lockPage(pageSize);
    this.chunks = new long[(int) (commit / CHUNK_PAGES) + 1][];
  }

  /** Whether the page is wanted from the file that offers it now; then it is supplied. */
  boolean claim(long pgno) {
    if (pgno > limit) {
      return false;
    }
    int chunk = (int) (pgno / CHUNK_PAGES);
    int bit = (int) (pgno % CHUNK_PAGES);
    if (chunks[chunk] == null) {
      chunks[chunk] = new long[CHUNK_PAGES / Long.SIZE];
    }
    long mask = 1L << bit;
    if ((chunks[chunk][bit / Long.SIZE] & mask) != 0) {
      return false;
    }
    chunks[chunk][bit / Long.SIZE] |= mask;
    return true;
  }

  /** No page of the current file is left; the next one is older. */
  void fileEnded(long commitOfFile) {
    limit = Math.min(limit, commitOfFile);
  }

  /** The first page of the result that no file supplied. */
  OptionalLong firstMissing() {
    for (long pgno = 1; pgno <= commit; pgno = nextUnsupplied(pgno + 1)) {
      if (pgno != lockPage && !isSupplied(pgno)) {
        return OptionalLong.of(pgno);
      }
    }
    return OptionalLong.empty();
  }

  private long nextUnsupplied(long pgno) {
    long at = pgno;
    while (at <= commit && at % Long.SIZE == 0 && word(at) == -1L) {
      at += Long.SIZE;
    }
    return at;
  }

  private long word(long pgno) {
    long[] chunk = chunks[(int) (pgno / CHUNK_PAGES)];
    return chunk == null ? 0 : chunk[(int) (pgno % CHUNK_PAGES) / Long.SIZE];
  }

  private boolean isSupplied(long pgno) {
    return (word(pgno) & 1L << pgno) != 0;
  }
}
