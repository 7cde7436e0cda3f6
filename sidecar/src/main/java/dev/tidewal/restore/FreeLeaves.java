package dev.tidewal.restore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The leaf pages of a database's freelist: nobody ever reads what they hold, and SQLite need not
 * write them when it makes the file longer (sqlite.org/fileformat2.html, 1.5; {@code
 * sqlite3PagerDontWrite} in pager.c).
 */
final class FreeLeaves {
  private static final int FIRST_TRUNK = 32;
  private static final int TRUNK_HEADER_BYTES = 8;

  private FreeLeaves() {}

  /**
   * Walks the freelist of a complete file; a list that is damaged ends where the damage begins.
   *
   * @param commit size of the database in pages
   */
  static PageSet read(FileChannel channel, int pageSize, long commit) throws IOException {
    PageSet leaves = new PageSet(commit);
    PageSet trunks = new PageSet(commit);
    long trunk = Integer.toUnsignedLong(page(channel, 1, pageSize).getInt(FIRST_TRUNK));
    while (trunk > 1 && trunk <= commit && trunks.add(trunk)) {
      ByteBuffer page = page(channel, trunk, pageSize);
      long count = Integer.toUnsignedLong(page.getInt(4));
      int room = (pageSize - TRUNK_HEADER_BYTES) / 4;
      for (int i = 0; i < Math.min(count, room); i++) {
        long leaf = Integer.toUnsignedLong(page.getInt(TRUNK_HEADER_BYTES + 4 * i));
        if (leaf > 1 && leaf <= commit) {
          leaves.add(leaf);
        }
      }
      trunk = Integer.toUnsignedLong(page.getInt(0));
    }
    return leaves;
  }

  private static ByteBuffer page(FileChannel channel, long pgno, int pageSize) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(pageSize);
    long start = (pgno - 1) * pageSize;
    while (page.hasRemaining() && channel.read(page, start + page.position()) >= 0) {
      // Until it is full; what the file lacks stays zero.
    }
    return page;
  }
}
