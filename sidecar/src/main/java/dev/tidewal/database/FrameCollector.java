package dev.tidewal.database;

import dev.tidewal.wal.FrameConsumer;
import dev.tidewal.wal.WalFrameHeader;
import dev.tidewal.wal.WalHeader;
import dev.tidewal.wal.WalPoint;

/** Enters the frames of a scan into a {@link PageMap}, and keeps the smallest commit. */
final class FrameCollector implements FrameConsumer {
  private final PageMap map;
  private final WalHeader header;
  private long smallestCommit = Long.MAX_VALUE;

  FrameCollector(PageMap map, WalHeader header) {
    this.map = map;
    this.header = header;
  }

  @Override
  public void frame(long pgno, long commit, long pageOffset) {
    long index = frameIndex(header, pageOffset - WalFrameHeader.SIZE);
    map.add(pgno, PageMap.frame(index));
  }

  @Override
  public void commit(WalPoint end, long commitPages) {
    map.commit();
    smallestCommit = Math.min(smallestCommit, commitPages);
  }

  /** The smallest database size after any transaction, in pages. */
  long smallestCommit() {
    return smallestCommit;
  }

  /** How many frames lie before an offset. */
  static long frameIndex(WalHeader header, long offset) {
    return (offset - WalHeader.SIZE) / header.frameBytes();
  }
}
