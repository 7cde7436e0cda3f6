package dev.tidewal.wal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The 24 bytes before each page in a WAL.
 *
 * @param pgno page number, from 1 on in a valid frame
 * @param commit database size in pages after the transaction if this is its last frame, else 0
 * @param salt1 the salts of the WAL's header, or the frame is left over from before a restart
 * @param salt2 second salt
 * @param checksum1 first word of the running checksum up to and with this frame
 * @param checksum2 second word
 */
public record WalFrameHeader(
    long pgno, long commit, int salt1, int salt2, int checksum1, int checksum2) {
  /** Header size in bytes. */
  public static final int SIZE = 24;

  /** How many of its bytes the running checksum covers: page number and commit. */
  static final int CHECKED_BYTES = 8;

  /** The header at the buffer's position, which moves 24 bytes on. */
  public static WalFrameHeader read(ByteBuffer buffer) {
    ByteBuffer in = buffer.slice(buffer.position(), SIZE).order(ByteOrder.BIG_ENDIAN);
    buffer.position(buffer.position() + SIZE);
    return new WalFrameHeader(
        Integer.toUnsignedLong(in.getInt()),
        Integer.toUnsignedLong(in.getInt()),
        in.getInt(),
        in.getInt(),
        in.getInt(),
        in.getInt());
  }

  /** Whether the transaction ends with this frame. */
  public boolean isCommit() {
    return commit != 0;
  }
}
