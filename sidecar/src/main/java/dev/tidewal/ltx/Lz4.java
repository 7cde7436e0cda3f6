package dev.tidewal.ltx;

import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * The LZ4 block codec and xxHash, native where the library can be loaded (7 and 4 times as fast as
 * the Java ones), else in Java. Thread-safe.
 */
final class Lz4 {
  private static final System.Logger LOG = System.getLogger(Lz4.class.getName());
  private static final LZ4Compressor COMPRESSOR;
  private static final LZ4SafeDecompressor DECOMPRESSOR;
  private static final XXHash32 XXHASH;

  static {
    LZ4Factory lz4;
    XXHashFactory hash;
    try {
      lz4 = LZ4Factory.nativeInstance();
      hash = XXHashFactory.nativeInstance();
    } catch (LinkageError | RuntimeException e) {
      // No library for this platform, or a temporary directory mounted noexec.
      LOG.log(System.Logger.Level.WARNING, "native LZ4 is not available, going on slower: {0}", e);
      lz4 = LZ4Factory.safeInstance();
      hash = XXHashFactory.safeInstance();
    }
    COMPRESSOR = lz4.fastCompressor();
    DECOMPRESSOR = lz4.safeDecompressor();
    XXHASH = hash.hash32();
  }

  private Lz4() {}

  /** The most bytes that a block of {@code length} bytes can take. */
  static int bound(int length) {
    return length + length / 255 + 16;
  }

  /** Compresses one block and returns its length; {@code out} has room for {@link #bound}. */
  static int compress(byte[] in, int inOffset, int length, byte[] out, int outOffset) {
    return COMPRESSOR.compress(in, inOffset, length, out, outOffset, bound(length));
  }

  /** Inflates one block and returns how many bytes came out, -1 when it is malformed. */
  static int inflate(byte[] in, int inOffset, int length, byte[] out, int outOffset, int room) {
    if (length == 0) {
      return -1;
    }
    try {
      return DECOMPRESSOR.decompress(in, inOffset, length, out, outOffset, room);
    } catch (LZ4Exception e) {
      return -1;
    }
  }

  static int xxHash(byte[] in, int offset, int length) {
    return XXHASH.hash(in, offset, length, 0);
  }
}
