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

  public RestoreOptions withOverwrite(boolean value) {
    return new RestoreOptions(value, integrityCheck, parallelism, memory, forFollowing);
  }

  public RestoreOptions withIntegrityCheck(IntegrityCheck value) {
    return new RestoreOptions(overwrite, value, parallelism, memory, forFollowing);
  }

  public RestoreOptions withParallelism(int value) {
    return new RestoreOptions(overwrite, integrityCheck, value, memory, forFollowing);
  }

  RestoreOptions following() {
    return new RestoreOptions(overwrite, integrityCheck, parallelism, memory, true);
  }
}
