package dev.tidewal.restore;

import dev.tidewal.core.ByteSize;

/**
 * How a restore is done.
 *
 * @param overwrite replace an existing output, and delete a {@code -wal}, {@code -shm} or {@code
 *     -journal} that lies beside it
 * @param integrityCheck what SQLite examines before the rename
 * @param parallelism how many downloads run at once; decoding uses the same threads
 * @param memory bound of all buffers together
 * @param forFollowing leave a database in rollback mode, as {@link Follower} needs it
 */
public record RestoreOptions(
    boolean overwrite,
    IntegrityCheck integrityCheck,
    int parallelism,
    ByteSize memory,
    boolean forFollowing) {
  private static final int MIN_CHUNK_BYTES = 128 * 1024;
  private static final int MAX_CHUNK_BYTES = 4 << 20;

  public static final RestoreOptions DEFAULT =
      new RestoreOptions(
          false,
          IntegrityCheck.NONE,
          Math.max(8, 2 * Runtime.getRuntime().availableProcessors()),
          ByteSize.ofMebibytes(48),
          false);

  public RestoreOptions {
    if (parallelism < 1 || parallelism > 256) {
      throw new IllegalArgumentException("parallelism must be 1 to 256: " + parallelism);
    }
  }

  /** For objects opened ahead of their use; the rest is for chunks. */
  long openedBytes() {
    return Math.max(OpenedObject.SMALL_BYTES + 1024L, memory.bytes() / 3);
  }

  /** What each thread fetches at once. */
  int chunkBytes() {
    long each = (memory.bytes() - openedBytes()) / parallelism - PageRuns.BUFFER_BYTES;
    return Math.clamp(each, MIN_CHUNK_BYTES, MAX_CHUNK_BYTES);
  }

  public RestoreOptions withOverwrite(boolean value) {
    return new RestoreOptions(value, integrityCheck, parallelism, memory, forFollowing);
  }

  public RestoreOptions withIntegrityCheck(IntegrityCheck value) {
    return new RestoreOptions(overwrite, value, parallelism, memory, forFollowing);
  }

  public RestoreOptions withParallelism(int value) {
    return new RestoreOptions(overwrite, integrityCheck, value, memory, forFollowing);
  }

  public RestoreOptions withMemory(ByteSize value) {
    return new RestoreOptions(overwrite, integrityCheck, parallelism, value, forFollowing);
  }

  RestoreOptions following() {
    return new RestoreOptions(overwrite, integrityCheck, parallelism, memory, true);
  }
}
