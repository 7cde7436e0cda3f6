package dev.tidewal.database;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the first 100 bytes of a SQLite database say. Source: sqlite.org/fileformat2.html section
 * 1.3.
 *
 * @param pageSize bytes, a power of two from 512 to 65536
 * @param wal whether the file is in WAL mode (version numbers 2)
 * @param pages size in pages, 0 when the header does not know (written by a SQLite before 3.7.0)
 * @param lastWriter version of the SQLite that wrote last, for example 3045001; 0 if unknown
 */
record DatabaseHeader(int pageSize, boolean wal, long pages, int lastWriter) {
  /** Header size in bytes. */
  static final int SIZE = 100;

  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  /** The header in the first bytes of a file, or empty when it is not a database. */
  static Optional<DatabaseHeader> read(byte[] bytes) {
    if (bytes.length < SIZE || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN);
    int pageSize = Short.toUnsignedInt(in.getShort(16));
    pageSize = pageSize == 1 ? 65536 : pageSize;
    if (pageSize < 512 || Integer.bitCount(pageSize) != 1) {
      return Optional.empty();
    }
    boolean sizeIsValid = in.getInt(24) == in.getInt(92);
    return Optional.of(
        new DatabaseHeader(
            pageSize,
            in.get(18) == 2 && in.get(19) == 2,
            sizeIsValid ? Integer.toUnsignedLong(in.getInt(28)) : 0,
            in.getInt(96)));
  }
}
