package dev.tidewal.ltx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/** Makes LZ4 frames of every kind. */
final class Lz4Frames {
  static final int LINKED = 0;
  static final int INDEPENDENT = 0x20;
  static final int BLOCK_CHECKSUM = 0x10;
  static final int CONTENT_SIZE = 0x08;
  static final int CONTENT_CHECKSUM = 0x04;

  private static final XXHash32 HASH = XXHashFactory.fastestInstance().hash32();

  private Lz4Frames() {}

  /** Descriptor bytes 64 40 A7: independent blocks of at most 64 KiB, content checksum. */
  static byte[] litestream(byte[] page) {
    return frame(page, INDEPENDENT | CONTENT_CHECKSUM, page.length);
  }

  /**
   * The same size as the Go library makes of 1024 equal bytes, 45: its block has 26 bytes, five
   * literals, a match of 1006 and 13 literals.
   */
  static byte[] golang(byte fill) {
    byte[] content = new byte[1024];
    Arrays.fill(content, fill);
    byte[] literals = Arrays.copyOf(content, 5);
    ByteBuffer out = ByteBuffer.allocate(45).order(ByteOrder.LITTLE_ENDIAN);
    out.put(litestream(content), 0, 7).putInt(26);
    out.put((byte) 0x5f).put(literals).putShort((short) 1);
    out.put(new byte[] {-1, -1, -1, (byte) (1006 - 4 - 15 - 3 * 255)});
    out.put((byte) (13 << 4)).put(content, 0, 13).putInt(0);
    return out.putInt(HASH.hash(content, 0, content.length, 0)).array();
  }

  /** A page whose second half repeats its first, as one match that reaches into the first block. */
  static byte[] linked(byte[] page, int half) {
    ByteBuffer out = ByteBuffer.allocate(2 * page.length).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0x184D2204).put((byte) 0x40).put((byte) 0x40);
    out.put((byte) (HASH.hash(out.array(), 4, 2, 0) >>> 8));
    out.putInt(half | (1 << 31)).put(page, 0, half);
    int match = half - 5;
    int rest = match - 4 - 15;
    int size = 1 + 2 + rest / 255 + 1 + 1 + 5;
    out.putInt(size).put((byte) 0x0f).putShort((short) half);
    for (; rest >= 255; rest -= 255) {
      out.put((byte) 255);
    }
    out.put((byte) rest).put((byte) 0x50).put(page, page.length - 5, 5).putInt(0);
    return Arrays.copyOf(out.array(), out.position());
  }

  /** A frame with blocks of {@code blockBytes}, stored when that is smaller. */
  static byte[] frame(byte[] content, int flags, int blockBytes) {
    ByteBuffer out = ByteBuffer.allocate(64 + 16 * content.length).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0x184D2204).put((byte) (0x40 | flags)).put((byte) 0x40);
    if ((flags & CONTENT_SIZE) != 0) {
      out.putLong(content.length);
    }
    out.put((byte) (HASH.hash(out.array(), 4, out.position() - 4, 0) >>> 8));
    for (int at = 0; at < content.length; at += blockBytes) {
      byte[] raw = Arrays.copyOfRange(content, at, Math.min(content.length, at + blockBytes));
      byte[] block = LZ4Factory.fastestInstance().fastCompressor().compress(raw);
      boolean stored = block.length >= raw.length;
      byte[] bytes = stored ? raw : block;
      out.putInt(stored ? bytes.length | (1 << 31) : bytes.length).put(bytes);
      if ((flags & BLOCK_CHECKSUM) != 0) {
        out.putInt(HASH.hash(bytes, 0, bytes.length, 0));
      }
    }
    out.putInt(0);
    if ((flags & CONTENT_CHECKSUM) != 0) {
      out.putInt(HASH.hash(content, 0, content.length, 0));
    }
    return Arrays.copyOf(out.array(), out.position());
  }
}
