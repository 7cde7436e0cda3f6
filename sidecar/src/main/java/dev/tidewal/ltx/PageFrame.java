package dev.tidewal.ltx;

/**
 * The bytes around one page: page number (4), flags (2), then either a size (4) and an LZ4 block
 * (flag 1) or one LZ4 frame (flag 0). Six zero bytes end the frames.
 */
final class PageFrame {
  /** Page number and flags. */
  static final int HEADER_BYTES = 6;

  /** The same with the size of the block. */
  static final int BLOCK_HEADER_BYTES = HEADER_BYTES + 4;

  /** Flag: the payload is a size and an LZ4 block, otherwise an LZ4 frame. */
  static final int BLOCK = 1;

  private PageFrame() {}

  /** The most bytes that a page with the block encoding can take. */
  static int maxBytes(int pageSize) {
    return BLOCK_HEADER_BYTES + Lz4.bound(pageSize);
  }

  /**
   * The most bytes that a page as LZ4 frame can take: header, end mark, content checksum, and in
   * the worst case a stored block with its own size and checksum for each byte.
   */
  static int maxFrameBytes(int pageSize) {
    return HEADER_BYTES + 19 + 9 * pageSize + 8;
  }

  static void writeBlockHeader(long pgno, int blockBytes, byte[] out, int at) {
    BigEndian.putInt(out, at, (int) pgno);
    out[at + 4] = 0;
    out[at + 5] = BLOCK;
    BigEndian.putInt(out, at + HEADER_BYTES, blockBytes);
  }
}
