package dev.tidewal.compact;

import java.util.List;

/** What a merge holds of its inputs at once. It bounds the number of inputs. */
final class MergeMemory {
  /** Inputs up to this size are read at once, so that only larger ones hold a connection. */
  static final long SMALL_BYTES = 64 * 1024;

  /** A reader's window and page. */
  private static final long READER_BYTES = 40 * 1024;

  /** What a store's client reads ahead of a reader, and its connection. */
  private static final long STREAM_BYTES = 160 * 1024;

  static final long MAX_BYTES = 8 << 20;

  private MergeMemory() {}

  static long bytes(LevelObject input) {
    return READER_BYTES + (isSmall(input) ? input.sizeBytes() : STREAM_BYTES);
  }

  static long bytes(List<LevelObject> inputs) {
    return inputs.stream().mapToLong(MergeMemory::bytes).sum();
  }

  static boolean isSmall(LevelObject input) {
    return input.sizeBytes() != LevelObject.UNKNOWN_SIZE && input.sizeBytes() <= SMALL_BYTES;
  }
}
