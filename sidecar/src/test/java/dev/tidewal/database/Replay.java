package dev.tidewal.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.PageChecksum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeMap;

/** A restore in memory: applies captures one after the other. Knows nothing about WALs. */
final class Replay {
  private final TreeMap<Long, byte[]> pages = new TreeMap<>();
  private int pageSize;
  private long commit;

  void apply(Capture capture) throws IOException {
    pageSize = capture.pageSize();
    commit = capture.commit();
    long[] last = {0};
    long[] count = {0};
    capture.pages((pgno, page, offset) -> {
      assertThat(pgno).isGreaterThan(last[0]).isLessThanOrEqualTo(commit);
      assertThat(pgno).isNotEqualTo(LtxHeader.lockPage(pageSize));
      last[0] = pgno;
      count[0]++;
      pages.put(pgno, Arrays.copyOfRange(page, offset, offset + pageSize));
    });
    assertThat(count[0]).isEqualTo(capture.pageCount());
    pages.tailMap(commit, false).clear();
  }

  long commit() {
    return commit;
  }

  /** The database file, with everything in it, is what was captured. */
  void assertEqualTo(Path database) throws IOException {
    assertEqualTo(Files.readAllBytes(database));
  }

  void assertEqualTo(byte[] file) {
    assertThat((long) file.length).isEqualTo(commit * pageSize);
    byte[] missing = new byte[pageSize];
    for (long pgno = 1; pgno <= commit; pgno++) {
      int at = Math.toIntExact((pgno - 1) * pageSize);
      byte[] expected = Arrays.copyOfRange(file, at, at + pageSize);
      assertThat(pages.getOrDefault(pgno, missing)).as("page %s", pgno).isEqualTo(expected);
    }
  }

  /** A copy that goes its own way. */
  Replay copy() {
    Replay copy = new Replay();
    copy.pages.putAll(pages);
    copy.pageSize = pageSize;
    copy.commit = commit;
    return copy;
  }

  /** Checksum of a page as it is here, 0 if it isn't. */
  long checksum(long pgno) {
    byte[] page = pages.get(pgno);
    return page == null ? 0 : PageChecksum.of(pgno, page, 0, pageSize);
  }

  /** Writes what was captured to a new file. */
  void writeTo(Path target) throws IOException {
    byte[] file = new byte[Math.toIntExact(commit * pageSize)];
    pages.forEach(
        (pgno, page) -> System.arraycopy(page, 0, file, (int) ((pgno - 1) * pageSize), pageSize));
    Files.write(target, file);
  }
}
