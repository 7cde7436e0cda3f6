package dev.tidewal.ltx;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Inflates one LZ4 frame that must hold exactly one page, and never looks behind its end. Any frame
 * by the specification (v1.6.4) but one that needs a dictionary: linked or independent blocks,
 * stored blocks, block and content checksums, content size.
 */
final class Lz4Frame {
  private static final int MAGIC = 0x184D2204;
  private static final int FLG_VERSION = 0xC0;
  private static final int FLG_INDEPENDENT = 0x20;
  private static final int FLG_BLOCK_CHECKSUM = 0x10;
  private static final int FLG_CONTENT_SIZE = 0x08;
  private static final int FLG_CONTENT_CHECKSUM = 0x04;
  private static final int FLG_RESERVED_OR_DICTIONARY = 0x03;
  private static final int STORED = 1 << 31;

  /** The frame breaks the specification or holds something else than one page. */
  static final class Malformed extends Exception {
    Malformed(String message) {
      super(message);
    }
  }

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] in;
  private final int start;
  private final int end;
  private final byte[] out;
  private final int outAt;
  private final int pageSize;
  private int at;

  private Lz4Frame(byte[] in, int start, int end, byte[] out, int outAt, int pageSize) {
    this.in = in;
    this.start = start;
    this.end = end;
    this.out = out;
    this.outAt = outAt;
    this.pageSize = pageSize;
    this.at = start;
  }

  /**
   * Fills a page at {@code out[outAt]} and returns the length of the frame at {@code in[start]}, or
   * -1 if it does not end within {@code available} bytes.
   */
  static int inflate(byte[] in, int start, int available, byte[] out, int outAt, int pageSize)
      throws Malformed {
    return new Lz4Frame(in, start, start + available, out, outAt, pageSize).inflate();
  }

  private int inflate() throws Malformed {
    if (end - at < 7) {
      return -1;
    }
    check(intAt(at) == MAGIC, "LZ4 magic is invalid");
    int flags = in[at + 4];
    int blockCode = in[at + 5] >> 4;
    check((flags & FLG_VERSION) == 0x40, "LZ4 frame version is invalid");
    check((flags & FLG_RESERVED_OR_DICTIONARY) == 0, "LZ4 frame needs a dictionary");
    check((in[at + 5] & 0x8f) == 0 && blockCode >= 4, "LZ4 block size is invalid");
    int descriptor = (flags & FLG_CONTENT_SIZE) != 0 ? 2 + Long.BYTES : 2;
    if (end - at < 4 + descriptor + 1) {
      return -1;
    }
    byte headerChecksum = (byte) (Lz4.xxHash(in, at + 4, descriptor) >>> 8);
    check(in[at + 4 + descriptor] == headerChecksum, "LZ4 header checksum is wrong");
    if (descriptor > 2) {
      long size = Integer.toUnsignedLong(intAt(at + 6)) | ((long) intAt(at + 10) << 32);
      check(size == pageSize, "LZ4 content size is not the page size");
    }
    at += 4 + descriptor + 1;
    return blocks(flags, 1 << (8 + 2 * blockCode));
  }

  private int blocks(int flags, int maxBlockBytes) throws Malformed {
    int filled = 0;
    while (true) {
      if (end - at < 4) {
        return -1;
      }
      int word = intAt(at);
      at += 4;
      if (word == 0) {
        break;
      }
      int size = word & ~STORED;
      check(size <= maxBlockBytes, "LZ4 block is larger than announced");
      int trailer = (flags & FLG_BLOCK_CHECKSUM) != 0 ? 4 : 0;
      if (end - at < size + trailer) {
        return -1;
      }
      check(
          trailer == 0 || intAt(at + size) == Lz4.xxHash(in, at, size),
          "LZ4 block checksum is wrong");
      filled += block(flags, (word & STORED) != 0, size, filled);
      at += size + trailer;
    }
    check(filled == pageSize, "LZ4 frame does not hold a page");
    if ((flags & FLG_CONTENT_CHECKSUM) != 0) {
      if (end - at < 4) {
        return -1;
      }
      check(intAt(at) == Lz4.xxHash(out, outAt, filled), "LZ4 content checksum is wrong");
      at += 4;
    }
    return at - start;
  }

  private int block(int flags, boolean stored, int size, int filled) throws Malformed {
    int room = pageSize - filled;
    int inflated;
    if (stored) {
      check(size <= room, "LZ4 frame is larger than a page");
      System.arraycopy(in, at, out, outAt + filled, size);
      inflated = size;
    } else if ((flags & FLG_INDEPENDENT) != 0 || filled == 0) {
      inflated = Lz4.inflate(in, at, size, out, outAt + filled, room);
    } else {
      inflated = LinkedBlock.inflate(in, at, size, out, outAt, filled, pageSize);
    }
    check(inflated >= 0, "LZ4 block is malformed");
    return inflated;
  }

  private int intAt(int index) {
    return (int) WORDS.get(in, index);
  }

  private static void check(boolean valid, String message) throws Malformed {
    if (!valid) {
      throw new Malformed(message);
    }
  }
}
