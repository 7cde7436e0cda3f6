package dev.tidewal.restore;

import dev.tidewal.core.TidewalException.Corrupt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * What a restore needs of the 100 bytes at the start of a SQLite database
 * (sqlite.org/fileformat2.html, 1.3).
 *
 * @param pageSize bytes
 * @param changeCounter by which readers notice that their caches are stale
 */
record DatabaseHeader(int pageSize, int changeCounter) {
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final int SIZE = 100;
  private static final int VERSIONS = 18;
  private static final int CHANGE_COUNTER = 24;
  private static final int DATABASE_PAGES = 28;
  private static final int VERSION_VALID_FOR = 92;

  static DatabaseHeader read(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SIZE);
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
      // Until it is full or the file ends.
    }
    bytes.flip();
    if (bytes.limit() < SIZE || !bytes.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
      throw new Corrupt("the file is not a SQLite database");
    }
    int pageSize = bytes.getShort(16) & 0xffff;
    return new DatabaseHeader(pageSize == 1 ? 65536 : pageSize, bytes.getInt(CHANGE_COUNTER));
  }

  /** Makes a page 1 that came out of a WAL into one of a database without WAL. */
  static void asChangedInPlace(byte[] page, int changeCounter, long pages) {
    ByteBuffer bytes = ByteBuffer.wrap(page);
    bytes.put(VERSIONS, (byte) 1).put(VERSIONS + 1, (byte) 1);
    bytes.putInt(CHANGE_COUNTER, changeCounter).putInt(VERSION_VALID_FOR, changeCounter);
    bytes.putInt(DATABASE_PAGES, (int) pages);
  }
}
