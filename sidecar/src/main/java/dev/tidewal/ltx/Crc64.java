package dev.tidewal.ltx;

/** CRC-64/GO-ISO, the checksum of LTX. All methods are pure. */
public final class Crc64 {
  private Crc64() {}

  /** The CRC of no bytes, to start with. */
  public static final long EMPTY = 0;

  /** Goes on with {@code crc} over {@code length} bytes. */
  public static long update(long crc, byte[] bytes, int offset, int length) {
    throw new UnsupportedOperationException("ltx");
  }

  /** The CRC of A followed by B, from both CRCs and the length of B in bytes. */
  public static long combine(long crcA, long crcB, long lengthB) {
    throw new UnsupportedOperationException("ltx");
  }
}
