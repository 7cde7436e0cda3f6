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
 * The polynomial is x^64 + x^4 + x^3 + x + 1, so eight bytes at once cost a few shifts instead of
 * table look-ups, see {@link #word}. All methods are pure.
 */
public final class Crc64 {
  /** The CRC of no bytes, to start with. */
  public static final long EMPTY = 0;

  private static final long POLYNOMIAL = 0xD800000000000000L;
  private static final int SLICES = 4;
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

  /** Whole blocks: two halves side by side, as no processor is busy with one chain, then joined. */
  private static long blocks(long crc, byte[] bytes, int from, int to) {
    long state = crc;
    for (int block = from; block < to; block += BLOCK_BYTES) {
      long second = 0;
      for (int at = block; at < block + HALF_BYTES; at += 8) {
        state = word(state ^ (long) LONGS.get(bytes, at));
        second = word(second ^ (long) LONGS.get(bytes, at + HALF_BYTES));
      }
      state = HALF.combine(state, second);
    }
    return state;
  }

  /**
   * The remainder of {@code t} * x^64, which is that of t * (1 + x + x^3 + x^4).
   *
   * <p>Bit 63 is x^0, so a factor x is a shift to the right. The up to four bits that the shifts
   * push out stand for x^64 and more: they come in again above, times x^64 once more, that is times
   * the same factor; both products are taken together.
   */
  private static long word(long t) {
    long v = t ^ (t << 63) ^ (t << 61) ^ (t << 60);
    return v ^ (v >>> 1) ^ (v >>> 3) ^ (v >>> 4);
  }

  private static long rest(long crc, byte[] bytes, int from, int to) {
    long state = crc;
    int at = from;
    for (; to - at >= 8; at += 8) {
      state = word(state ^ (long) LONGS.get(bytes, at));
    }
    for (; at < to; at++) {
      state = TABLE[(int) (state ^ bytes[at]) & 0xff] ^ (state >>> 8);
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
