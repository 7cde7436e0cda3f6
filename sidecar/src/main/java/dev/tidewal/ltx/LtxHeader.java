package dev.tidewal.ltx;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

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

  /** "LTX1", of all format versions: which one it is must be known from elsewhere. */
  private static final int MAGIC = 0x4C545831;

  private static final int RESERVED = 20;

  /** Flag: the file carries no rolling checksums. */
  public static final int NO_CHECKSUM = 2;

  public LtxHeader {
    check((flags & ~NO_CHECKSUM) == 0, "Flags", Integer.toHexString(flags));
    check(isPageSize(pageSize), "PageSize", pageSize);
    check(commit >= 0 && commit <= 0xffffffffL, "Commit", commit);
    check(!minTxid.isZero(), "MinTXID", minTxid);
    check(!maxTxid.isBefore(minTxid), "MaxTXID", maxTxid + " below MinTXID " + minTxid);
    check(isPreApply(flags, minTxid, preApplyChecksum), "PreApplyChecksum", preApplyChecksum);
    check(walOffset >= 0, "WALOffset", walOffset);
    check(walSize >= 0 && (walSize == 0 || walOffset != 0), "WALSize", walSize);
    check(walOffset != 0 || walSalt1 == 0, "WALSalt1", walSalt1 + " without WALOffset");
    check(walOffset != 0 || walSalt2 == 0, "WALSalt2", walSalt2 + " without WALOffset");
  }

  private static void check(boolean valid, String field, Object value) {
    if (!valid) {
      throw new IllegalArgumentException("LTX header field " + field + " is invalid: " + value);
    }
  }

  /** Snapshots and files without checksums have none before; all others must, with bit 63. */
  private static boolean isPreApply(int flags, Txid minTxid, long checksum) {
    boolean none = (flags & NO_CHECKSUM) != 0 || minTxid.equals(Txid.FIRST);
    return none ? checksum == 0 : checksum < 0;
  }

  private static boolean isPageSize(int size) {
    return size >= 512 && size <= 65536 && Integer.bitCount(size) == 1;
  }

  /** Reads and checks the header at the buffer's position, which moves 100 bytes on. */
  public static LtxHeader read(ByteBuffer buffer) throws TidewalException.Corrupt {
    return read(buffer, "LTX file");
  }

  /** The same; {@code name} is what errors call the file. */
  static LtxHeader read(ByteBuffer buffer, String name) {
    if (buffer.remaining() < SIZE) {
      throw new TidewalException.Corrupt(
          name + ": truncated in the header, after " + buffer.remaining() + " bytes");
    }
    try {
      return parse(buffer.slice(buffer.position(), SIZE).order(ByteOrder.BIG_ENDIAN));
    } catch (IllegalArgumentException e) {
      throw new TidewalException.Corrupt(name + ": " + e.getMessage(), e);
    } finally {
      buffer.position(buffer.position() + SIZE);
    }
  }

  private static LtxHeader parse(ByteBuffer in) {
    int magic = in.getInt();
    check(magic == MAGIC, "Magic", Integer.toHexString(magic));
    LtxHeader header =
        new LtxHeader(
            in.getInt(),
            in.getInt(),
            Integer.toUnsignedLong(in.getInt()),
            new Txid(in.getLong()),
            new Txid(in.getLong()),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getInt(),
            in.getInt(),
            in.getLong());
    for (int i = 0; i < RESERVED; i++) {
      check(in.get() == 0, "reserved", "not zero");
    }
    return header;
  }

  /** Writes 100 bytes at the buffer's position. */
  public void write(ByteBuffer buffer) {
    ByteBuffer out = buffer.slice(buffer.position(), SIZE).order(ByteOrder.BIG_ENDIAN);
    out.putInt(MAGIC).putInt(flags).putInt(pageSize).putInt((int) commit);
    out.putLong(minTxid.value()).putLong(maxTxid.value()).putLong(timestampMillis);
    out.putLong(preApplyChecksum).putLong(walOffset).putLong(walSize);
    out.putInt(walSalt1).putInt(walSalt2).putLong(nodeId).put(new byte[RESERVED]);
    buffer.position(buffer.position() + SIZE);
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

  /** Whether the file starts at the empty database, so that it must hold every page. */
  public boolean isSnapshot() {
    return minTxid.equals(Txid.FIRST);
  }

  /** Whether the file carries rolling checksums. */
  boolean tracksChecksums() {
    return (flags & NO_CHECKSUM) == 0;
  }

  /** How many page frames a complete snapshot of this size has. */
  long snapshotPages() {
    return commit >= lockPage(pageSize) ? commit - 1 : commit;
  }

  /** The page that SQLite never uses, at byte 2^30. Never encoded. */
  public static long lockPage(int pageSize) {
    return 0x40000000L / pageSize + 1;
  }
}
