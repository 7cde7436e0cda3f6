package dev.tidewal.ltx;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import java.nio.ByteBuffer;

/**
 * The first 100 bytes of an LTX file.
 *
 * @param flags 2 ({@link #NO_CHECKSUM}) in everything that Tidewal and Litestream write
 * @param pageSize bytes, a power of two from 512 to 65536
 * @param commit database size in pages after this file is applied; 0 is a deleted database
 * @param minTxid first TXID in the file, at least 1
 * @param maxTxid last TXID in the file
 * @param timestampMillis milliseconds since the epoch
 * @param preApplyChecksum rolling checksum before, 0 under {@link #NO_CHECKSUM}
 * @param walOffset where in the WAL the content was read, 0 when not from a WAL
 * @param walSize how many WAL bytes were read
 * @param walSalt1 first salt of that WAL
 * @param walSalt2 second salt of that WAL
 * @param nodeId 0
 */
public record LtxHeader(
    int flags,
    int pageSize,
    long commit,
    Txid minTxid,
    Txid maxTxid,
    long timestampMillis,
    long preApplyChecksum,
    long walOffset,
    long walSize,
    int walSalt1,
    int walSalt2,
    long nodeId) {
  /** Header size in bytes. */
  public static final int SIZE = 100;

  /** Flag: the file carries no rolling checksums. */
  public static final int NO_CHECKSUM = 2;

  /** Reads and checks the header at the buffer's position, which moves 100 bytes on. */
  public static LtxHeader read(ByteBuffer buffer) throws TidewalException.Corrupt {
    throw new UnsupportedOperationException("ltx");
  }

  /** Writes 100 bytes at the buffer's position. */
  public void write(ByteBuffer buffer) {
    throw new UnsupportedOperationException("ltx");
  }

  /**
   * A header as Tidewal writes it: no checksums, no node. WAL fields 0 when the content is not from
   * a WAL.
   */
  public static LtxHeader of(
      int pageSize, long commit, Txid minTxid, Txid maxTxid, long timestampMillis, WalSpan wal) {
    return new LtxHeader(
        NO_CHECKSUM,
        pageSize,
        commit,
        minTxid,
        maxTxid,
        timestampMillis,
        0,
        wal.offset(),
        wal.size(),
        wal.salt1(),
        wal.salt2(),
        0);
  }

  /** Where in a WAL the content of a file was read; {@link #NONE} for compacted files. */
  public record WalSpan(long offset, long size, int salt1, int salt2) {
    public static final WalSpan NONE = new WalSpan(0, 0, 0, 0);
  }

  public boolean isSnapshot() {
    return minTxid.equals(Txid.FIRST);
  }

  /** The page that SQLite never uses, at byte 2^30. Never encoded. */
  public static long lockPage(int pageSize) {
    return 0x40000000L / pageSize + 1;
  }
}
