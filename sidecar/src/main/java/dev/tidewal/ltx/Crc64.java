package dev.tidewal.ltx;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * CRC-64/GO-ISO, the checksum of LTX: reflected polynomial {@code D800000000000000}, initial value
 * and final XOR all ones.
 *
 * <p>Values are finished CRCs, so {@link #EMPTY} is 0 and any value can be continued or combined.
 * Slicing by 16 (Kounavis and Berry, 2005): 16 table look-ups that do not depend on each other for
 * 16 bytes. All methods are pure.
 */
public final class Crc64 {
  /** The CRC of no bytes, to start with. */
  public static final long EMPTY = 0;

  private static final long POLYNOMIAL = 0xD800000000000000L;
  private static final int SLICES = 16;
  private static final int HALF_BYTES = 256;
  private static final int BLOCK_BYTES = 2 * HALF_BYTES;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Table {@code s} at {@code s * 256}: the CRC of a byte that has {@code s} zero bytes behind. */
  private static final long[] TABLE = table();

  /** x to the power 2^n modulo the polynomial, for n from 0 to 63. */
  private static final long[] POWERS = powers();

  private static final Shift HALF = new Shift(HALF_BYTES);

  private Crc64() {}

  /** Goes on with {@code crc} over {@code length} bytes. */
  public static long update(long crc, byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    int end = offset + length;
    int tail = end - length % BLOCK_BYTES;
    long state = blocks(~crc, bytes, offset, tail);
    return ~rest(state, bytes, tail, end);
  }

  /**
   * Whole blocks: two halves side by side, as no processor is busy with one chain of look-ups, then
   * joined. The look-ups are written out twice: the first compiler (C1) inlines nothing so large,
   * and is slower on longs than on ints.
   */
  private static long blocks(long crc, byte[] bytes, int from, int to) {
    long[] t = TABLE;
    long state = crc;
    for (int block = from; block < to; block += BLOCK_BYTES) {
      long second = 0;
      for (int at = block; at < block + HALF_BYTES; at += SLICES) {
        long low = state ^ (long) LONGS.get(bytes, at);
        long high = (long) LONGS.get(bytes, at + 8);
        int a = (int) low;
        int b = (int) (low >>> 32);
        int c = (int) high;
        int d = (int) (high >>> 32);
        state =
            t[3840 + (a & 0xff)]
                ^ t[3584 + ((a >>> 8) & 0xff)]
                ^ t[3328 + ((a >>> 16) & 0xff)]
                ^ t[3072 + (a >>> 24)]
                ^ t[2816 + (b & 0xff)]
                ^ t[2560 + ((b >>> 8) & 0xff)]
                ^ t[2304 + ((b >>> 16) & 0xff)]
                ^ t[2048 + (b >>> 24)]
                ^ t[1792 + (c & 0xff)]
                ^ t[1536 + ((c >>> 8) & 0xff)]
                ^ t[1280 + ((c >>> 16) & 0xff)]
                ^ t[1024 + (c >>> 24)]
                ^ t[768 + (d & 0xff)]
                ^ t[512 + ((d >>> 8) & 0xff)]
                ^ t[256 + ((d >>> 16) & 0xff)]
                ^ t[d >>> 24];
        low = second ^ (long) LONGS.get(bytes, at + HALF_BYTES);
        high = (long) LONGS.get(bytes, at + HALF_BYTES + 8);
        a = (int) low;
        b = (int) (low >>> 32);
        c = (int) high;
        d = (int) (high >>> 32);
        second =
            t[3840 + (a & 0xff)]
                ^ t[3584 + ((a >>> 8) & 0xff)]
                ^ t[3328 + ((a >>> 16) & 0xff)]
                ^ t[3072 + (a >>> 24)]
                ^ t[2816 + (b & 0xff)]
                ^ t[2560 + ((b >>> 8) & 0xff)]
                ^ t[2304 + ((b >>> 16) & 0xff)]
                ^ t[2048 + (b >>> 24)]
                ^ t[1792 + (c & 0xff)]
                ^ t[1536 + ((c >>> 8) & 0xff)]
                ^ t[1280 + ((c >>> 16) & 0xff)]
                ^ t[1024 + (c >>> 24)]
                ^ t[768 + (d & 0xff)]
                ^ t[512 + ((d >>> 8) & 0xff)]
                ^ t[256 + ((d >>> 16) & 0xff)]
                ^ t[d >>> 24];
      }
      state = HALF.combine(state, second);
    }
    return state;
  }

  private static long rest(long crc, byte[] bytes, int from, int to) {
    long[] t = TABLE;
    long state = crc;
    int at = from;
    for (; to - at >= 8; at += 8) {
      long word = state ^ (long) LONGS.get(bytes, at);
      int a = (int) word;
      int b = (int) (word >>> 32);
      state =
          t[1792 + (a & 0xff)]
              ^ t[1536 + ((a >>> 8) & 0xff)]
              ^ t[1280 + ((a >>> 16) & 0xff)]
              ^ t[1024 + (a >>> 24)]
              ^ t[768 + (b & 0xff)]
              ^ t[512 + ((b >>> 8) & 0xff)]
              ^ t[256 + ((b >>> 16) & 0xff)]
              ^ t[b >>> 24];
    }
    for (; at < to; at++) {
      state = t[(int) (state ^ bytes[at]) & 0xff] ^ (state >>> 8);
    }
    return state;
  }

  /** Goes on with {@code crc} over the four bytes of a big-endian integer. */
  static long updateInt(long crc, int value) {
    long[] t = TABLE;
    long state = ~crc;
    int word = (int) state ^ Integer.reverseBytes(value);
    return ~(t[768 + (word & 0xff)]
        ^ t[512 + ((word >>> 8) & 0xff)]
        ^ t[256 + ((word >>> 16) & 0xff)]
        ^ t[word >>> 24]
        ^ (state >>> 32));
  }

  /** The CRC of A followed by B, from both CRCs and the length of B in bytes. */
  public static long combine(long crcA, long crcB, long lengthB) {
    return multiply(power(lengthB), crcA) ^ crcB;
  }

  /**
   * {@link Crc64#combine} for a second part of fixed length, by tables: about 8 look-ups.
   * Immutable.
   */
  public static final class Shift {
    private static final AtomicReferenceArray<Shift> PAGES = new AtomicReferenceArray<>(32);

    private final long[] table = new long[8 * 256];

    private Shift(long lengthBytes) {
      long factor = power(lengthBytes);
      for (int slice = 0; slice < 8; slice++) {
        for (int value = 0; value < 256; value++) {
          table[slice * 256 + value] = multiply(factor, (long) value << (8 * slice));
        }
      }
    }

    /** For a second part of {@code lengthBytes}. */
    public static Shift of(long lengthBytes) {
      return new Shift(lengthBytes);
    }

    /** For a page; made once for each page size. */
    static Shift ofPage(int pageSize) {
      int slot = Integer.numberOfTrailingZeros(pageSize);
      Shift shift = PAGES.get(slot);
      if (shift == null) {
        shift = new Shift(pageSize);
        PAGES.set(slot, shift);
      }
      return shift;
    }

    /** The CRC of A followed by B, B having this shift's length. */
    public long combine(long crcA, long crcB) {
      long[] t = table;
      int low = (int) crcA;
      int high = (int) (crcA >>> 32);
      return t[low & 0xff]
          ^ t[256 + ((low >>> 8) & 0xff)]
          ^ t[512 + ((low >>> 16) & 0xff)]
          ^ t[768 + (low >>> 24)]
          ^ t[1024 + (high & 0xff)]
          ^ t[1280 + ((high >>> 8) & 0xff)]
          ^ t[1536 + ((high >>> 16) & 0xff)]
          ^ t[1792 + (high >>> 24)]
          ^ crcB;
    }
  }

  /** x^(8 * bytes): what appending so many zero bytes multiplies a remainder with. */
  private static long power(long bytes) {
    if (bytes < 0 || bytes >= 1L << 60) {
      throw new IllegalArgumentException("length out of range: " + bytes);
    }
    long result = 1L << 63; // x^0: bit 63 is the lowest power in the reflected form
    int n = 3;
    for (long rest = bytes; rest != 0; rest >>>= 1, n++) {
      if ((rest & 1) != 0) {
        result = multiply(POWERS[n], result);
      }
    }
    return result;
  }

  /** Product of two polynomials modulo the CRC's, all in reflected form. */
  private static long multiply(long a, long b) {
    long product = 0;
    long shifted = b;
    for (long rest = a; rest != 0; rest <<= 1) {
      product ^= shifted & (rest >> 63);
      shifted = (shifted >>> 1) ^ (POLYNOMIAL & -(shifted & 1));
    }
    return product;
  }

  private static long[] table() {
    long[] table = new long[SLICES * 256];
    for (int value = 0; value < 256; value++) {
      long crc = value;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ (POLYNOMIAL & -(crc & 1));
      }
      table[value] = crc;
    }
    for (int i = 256; i < table.length; i++) {
      long shorter = table[i - 256];
      table[i] = table[(int) (shorter & 0xff)] ^ (shorter >>> 8);
    }
    return table;
  }

  private static long[] powers() {
    long[] powers = new long[64];
    powers[0] = 1L << 62;
    for (int n = 1; n < powers.length; n++) {
      powers[n] = multiply(powers[n - 1], powers[n - 1]);
    }
    return powers;
  }
}
