package dev.tidewal.ltx;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The rules for the last 16 bytes: PostApplyChecksum and FileChecksum. */
final class LtxTrailer {
  static final int SIZE = 16;

  private LtxTrailer() {}

  /**
   * What is wrong with PostApplyChecksum, or null. Only of a snapshot, which holds every page, is
   * it known what it must be.
   *
   * @param rolling the rolling checksum of the file's pages
   */
  static @Nullable String postDefect(LtxHeader header, long post, long rolling) {
    if (!header.tracksChecksums()) {
      return post == 0 ? null : hex(post) + " in a file without checksums";
    }
    if (post >= 0) {
      return hex(post) + " lacks bit 63";
    }
    boolean known = header.isSnapshot() || header.commit() == 0;
    return known && post != rolling ? hex(post) + ", the pages have " + hex(rolling) : null;
  }

  /** What is wrong with FileChecksum, or null. */
  static @Nullable String fileDefect(long stored, long crc) {
    long computed = PageChecksum.FLAG | crc;
    return stored == computed ? null : hex(stored) + ", the bytes have " + hex(computed);
  }

  private static String hex(long value) {
    return HexFormat.of().toHexDigits(value);
  }
}
