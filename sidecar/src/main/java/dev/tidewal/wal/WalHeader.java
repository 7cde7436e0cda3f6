package dev.tidewal.wal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The first 32 bytes of a WAL.
 *
 * @param bigEndian byte order of the words that the checksums run over
 * @param version format version, 3007000 for ever
 * @param pageSize bytes, a power of two from 512 to 65536
 * @param checkpointSequence counts restarts of the WAL
 * @param salt1 one more with each restart, as a rule
 * @param salt2 random with each restart
 * @param checksum1 first word of the checksum over the 24 bytes before
 * @param checksum2 second word
 */
public record WalHeader(
    boolean bigEndian,
    int version,
    int pageSize,
    int checkpointSequence,
    int salt1,
    int salt2,
    int checksum1,
    int checksum2) {
  /** Header size in bytes. */
  public static final int SIZE = 32;

  private static final int MAGIC = 0x377f0682;
  private static final int VERSION = 3_007_000;
  private static final int CHECKED_BYTES = 24;

  /**
   * The header at the buffer's position, which moves 32 bytes on; empty when there are fewer bytes
   * or when magic, version, page size or checksum is not valid. SQLite takes such a WAL for an
   * empty one (walIndexRecover).
   */
  public static Optional<WalHeader> read(ByteBuffer buffer) {
    if (buffer.remaining() < SIZE) {
      return Optional.empty();
    }
    byte[] bytes = new byte[SIZE];
    buffer.get(bytes);
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN);
    int magic = in.getInt();
    WalHeader header =
        new WalHeader(
            (magic & 1) != 0,
            in.getInt(),
            in.getInt(),
            in.getInt(),
            in.getInt(),
            in.getInt(),
            in.getInt(),
            in.getInt());
    boolean valid =
        (magic & ~1) == MAGIC
            && header.version == VERSION
            && isPageSize(header.pageSize)
            && header.checksum() == of(bytes, header);
    return valid ? Optional.of(header) : Optional.empty();
  }

  private static long of(byte[] bytes, WalHeader header) {
    return WalChecksum.update(WalChecksum.START, bytes, 0, CHECKED_BYTES, header.bigEndian);
  }

  private static boolean isPageSize(int size) {
    return size >= 512 && size <= 65536 && Integer.bitCount(size) == 1;
  }

  /** Both checksum words, as {@link WalChecksum} has them. */
  public long checksum() {
    return WalChecksum.of(checksum1, checksum2);
  }

  /** Size of a frame in bytes: its header and a page. */
  public int frameBytes() {
    return WalFrameHeader.SIZE + pageSize;
  }

  /** Where the first frame goes. */
  public WalPoint start() {
    return new WalPoint(salt1, salt2, SIZE, checksum1, checksum2);
  }
}
