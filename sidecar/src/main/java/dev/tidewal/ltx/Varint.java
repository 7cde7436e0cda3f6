package dev.tidewal.ltx;

/** Unsigned LEB128, as the page index has it. */
final class Varint {
  static final int MAX_BYTES = 10;

  private Varint() {}

  /** Writes at {@code at} and returns the index behind. */
  static int write(long value, byte[] out, int at) {
    int next = at;
    long rest = value;
    for (; (rest & ~0x7fL) != 0; rest >>>= 7) {
      out[next++] = (byte) (rest | 0x80);
    }
    out[next++] = (byte) rest;
    return next;
  }
}
