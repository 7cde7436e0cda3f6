package dev.tidewal.database;

import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.wal.WalHeader;
import dev.tidewal.wal.WalPoint;
import dev.tidewal.wal.WalScan;
import java.io.IOException;

/**
 * Committed frames being gathered: first maybe pages from memory, then one range of the WAL. Not
 * thread-safe.
 */
final class Batch {
  private final WalFile wal;
  private final int pageSize;
  private final PageMap map = new PageMap();
  private long smallestCommit;
  private long commit;
  private long walBytes;

  /**
   * @param commit database size in pages before the batch
   */
  Batch(WalFile wal, int pageSize, long commit) {
    this.wal = wal;
    this.pageSize = pageSize;
    this.commit = commit;
    this.smallestCommit = commit;
  }

  /** Starts with what was taken into memory. */
  void add(Tail tail) {
    tail.addTo(map);
    smallestCommit = Math.min(smallestCommit, tail.smallestCommit());
    commit = tail.end().commit();
    walBytes += tail.walBytes();
  }

  /**
   * Scans frames.
   *
   * @param bytes ends at the first commit so far behind {@code from}; there must be one
   * @return where it ended, with {@code stop} BUDGET unless the WAL is damaged
   */
  WalScan scan(WalHeader header, WalPoint from, long bytes) throws IOException {
    FrameCollector collector = new FrameCollector(map, header);
    WalScan scan = wal.scan(header, from, bytes, collector);
    if (!scan.isEmpty()) {
      smallestCommit = Math.min(smallestCommit, collector.smallestCommit());
      commit = scan.commitPages();
      walBytes += scan.end().offset() - from.offset();
    }
    return scan;
  }

  /** Keeps the newest version of each page of the final state. */
  PageMap finish() {
    map.finish();
    map.truncate(commit);
    map.remove(LtxHeader.lockPage(pageSize));
    return map;
  }

  /**
   * Pages that became part of the database without a frame: the newest frame before {@code from}
   * has them, else the database file. After {@link #finish}.
   */
  void addHoles(WalHeader header, WalPoint from) throws IOException {
    PageMap holes = holes();
    if (holes.size() == 0) {
      return;
    }
    PageMap before = new PageMap();
    if (!from.isStart()) {
      long bytes = from.offset() - WalHeader.SIZE;
      wal.scan(header, header.start(), bytes, new FrameCollector(before, header));
    }
    before.finish();
    for (int i = 0; i < holes.size(); i++) {
      int found = before.indexOf(holes.pgno(i));
      boolean hasFrame = found < before.size() && before.pgno(found) == holes.pgno(i);
      map.add(holes.pgno(i), hasFrame ? before.place(found) : PageMap.DATABASE);
    }
    map.commit();
    map.finish();
  }

  /** All pages of the batch and its holes, read from the database file. After {@link #finish}. */
  PageMap inDatabaseFile() {
    PageMap holes = holes();
    PageMap inFile = new PageMap();
    for (PageMap part : new PageMap[] {map, holes}) {
      for (int i = 0; i < part.size(); i++) {
        inFile.add(part.pgno(i), PageMap.DATABASE);
      }
    }
    inFile.commit();
    inFile.finish();
    return inFile;
  }

  private PageMap holes() {
    PageMap holes = new PageMap();
    long lockPage = LtxHeader.lockPage(pageSize);
    int index = map.indexOf(smallestCommit + 1);
    for (long pgno = smallestCommit + 1; pgno <= commit; pgno++) {
      if (index < map.size() && map.pgno(index) == pgno) {
        index++;
      } else if (pgno != lockPage) {
        holes.add(pgno, PageMap.DATABASE);
      }
    }
    holes.commit();
    return holes;
  }

  long smallestCommit() {
    return smallestCommit;
  }

  long commit() {
    return commit;
  }

  long walBytes() {
    return walBytes;
  }
}
