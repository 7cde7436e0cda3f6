package dev.tidewal.ltx;

/**
 * LTX's rolling database checksum: bit 63, and the XOR of the checksums of all pages but the lock
 * page.
 *
 * <p>A change of a page is XOR-ed in without reading any other page.
 */
public final class PageChecksum {
  /** Bit 63, set in every stored checksum; the rolling checksum of an empty database. */
  public static final long FLAG = 1L << 63;

  private PageChecksum() {}

  /** Checksum of one page: bit 63 or-ed to CRC-64 of the big-endian page number and the page. */
  public static long of(long pgno, byte[] page, int offset, int length) {
    return FLAG | Crc64.update(Crc64.updateInt(Crc64.EMPTY, (int) pgno), page, offset, length);
  }

  /** The same from the CRC-64 of the page alone, without a second pass over it. */
  static long ofCrc(long pgno, long pageCrc, Crc64.Shift pageShift) {
    return FLAG | pageShift.combine(Crc64.updateInt(Crc64.EMPTY, (int) pgno), pageCrc);
  }

  /**
   * Adds a page's checksum to, or removes it from, a rolling checksum. Use 0 for a page that did
   * not exist.
   */
  public static long toggle(long rolling, long pageChecksum) {
    return FLAG | (rolling ^ pageChecksum);
  }
}
