package dev.tidewal.legacy;

import dev.tidewal.wal.FrameConsumer;
import dev.tidewal.wal.WalPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * Copies pages from a WAL into the database file, a transaction when its commit is reached: what a
 * checkpoint does. Holds 16 bytes for each frame of one transaction.
 */
final class CommittedPages implements FrameConsumer {
  private final FileChannel wal;
  private final FileChannel database;
  private final ByteBuffer page;
  private long[] pgnos = new long[1024];
  private long[] offsets = new long[1024];
  private int frames;

  CommittedPages(FileChannel wal, FileChannel database, int pageSize) {
    this.wal = wal;
    this.database = database;
    this.page = ByteBuffer.allocateDirect(pageSize);
  }

  @Override
  public void frame(long pgno, long commit, long pageOffset) {
    if (frames == pgnos.length) {
      pgnos = Arrays.copyOf(pgnos, 2 * frames);
      offsets = Arrays.copyOf(offsets, 2 * frames);
    }
    pgnos[frames] = pgno;
    offsets[frames++] = pageOffset;
  }

  @Override
  public void commit(WalPoint end, long commitPages) throws IOException {
    for (int i = 0; i < frames; i++) {
      copy(offsets[i], (pgnos[i] - 1) * page.capacity());
    }
    frames = 0;
  }

  private void copy(long from, long to) throws IOException {
    page.clear();
    while (page.hasRemaining()) {
      if (wal.read(page, from + page.position()) < 0) {
        throw new IOException("the WAL ends at byte " + (from + page.position()));
      }
    }
    page.flip();
    while (page.hasRemaining()) {
      database.write(page, to + page.position());
    }
  }
}
