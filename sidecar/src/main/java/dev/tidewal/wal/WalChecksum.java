package dev.tidewal.wal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The running checksum of a WAL: two words, folded over pairs of 32-bit words. The byte order of
 * those words is the writer's and stands in the header's magic. Source: walChecksumBytes in wal.c.
 *
 * <p>The two words travel as one long, the first one in the high half. Pure.
 */
public final class WalChecksum {
  /** What the checksum of the header starts with. */
  public static final long START = 0;

  private static final VarHandle LITTLE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BIG =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private WalChecksum() {}

  /** Both words as one value. */
  public static long of(int checksum1, int checksum2) {
    return ((long) checksum1 << 32) | Integer.toUnsignedLong(checksum2);
  }

  /** The first word. */
  public static int first(long checksum) {
    return (int) (checksum >>> 32);
  }

  /** The second word. */
  public static int second(long checksum) {
    return (int) checksum;
  }

  /** Goes on over {@code length} bytes, a multiple of 8. */
  public static long update(
      long checksum, byte[] bytes, int offset, int length, boolean bigEndian) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length % 8 != 0) {
      throw new IllegalArgumentException("length is not a multiple of 8: " + length);
    }
    return bigEndian
        ? updateBig(checksum, bytes, offset, offset + length)
        : updateLittle(checksum, bytes, offset, offset + length);
  }

  private static long updateLittle(long checksum, byte[] bytes, int from, int to) {
    int s1 = first(checksum);
    int s2 = second(checksum);
    for (int at = from; at < to; at += 8) {
      s1 += (int) LITTLE.get(bytes, at) + s2;
      s2 += (int) LITTLE.get(bytes, at + 4) + s1;
    }
    return of(s1, s2);
  }

  private static long updateBig(long checksum, byte[] bytes, int from, int to) {
    int s1 = first(checksum);
    int s2 = second(checksum);
    for (int at = from; at < to; at += 8) {
      s1 += (int) BIG.get(bytes, at) + s2;
      s2 += (int) BIG.get(bytes, at + 4) + s1;
    }
    return of(s1, s2);
  }
}
