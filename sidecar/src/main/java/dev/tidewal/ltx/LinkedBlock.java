package dev.tidewal.ltx;

/**
 * Inflates an LZ4 block whose matches may reach into the blocks before it, which the library can't.
 * Rare: a page mostly fits one block. Source: LZ4 block format description.
 */
final class LinkedBlock {
  private static final int MIN_MATCH = 4;

  private final byte[] in;
  private final int end;
  private int at;

  private LinkedBlock(byte[] in, int at, int end) {
    this.in = in;
    this.at = at;
    this.end = end;
  }

  /**
   * Appends to the page at {@code out[outAt]}, which is filled up to {@code filled}, and returns
   * how many bytes came out, -1 when the block is malformed or too large.
   */
  static int inflate(
      byte[] in, int offset, int length, byte[] out, int outAt, int filled, int pageSize) {
    return new LinkedBlock(in, offset, offset + length)
        .inflate(out, outAt, outAt + filled, outAt + pageSize);
  }

  private int inflate(byte[] out, int pageStart, int from, int pageEnd) {
    int to = from;
    while (at < end) {
      int token = in[at++] & 0xff;
      int literals = length(token >>> 4);
      if (literals < 0 || literals > end - at || literals > pageEnd - to) {
        return -1;
      }
      System.arraycopy(in, at, out, to, literals);
      at += literals;
      to += literals;
      if (at == end) {
        return to - from;
      }
      if (end - at < 2) {
        return -1;
      }
      int distance = (in[at] & 0xff) | ((in[at + 1] & 0xff) << 8);
      at += 2;
      int match = length(token & 0xf);
      if (match < 0
          || match + MIN_MATCH > pageEnd - to
          || distance == 0
          || distance > to - pageStart) {
        return -1;
      }
      for (int stop = to + match + MIN_MATCH; to < stop; to++) {
        out[to] = out[to - distance];
      }
    }
    return -1; // a block ends with literals
  }

  /** A length whose four bits say 15 goes on in further bytes; -1 when they are missing. */
  private int length(int bits) {
    int length = bits;
    if (bits == 15) {
      int more;
      do {
        if (at == end || length > 1 << 20) {
          return -1;
        }
        more = in[at++] & 0xff;
        length += more;
      } while (more == 255);
    }
    return length;
  }
}
