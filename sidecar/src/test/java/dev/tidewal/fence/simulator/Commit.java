package dev.tidewal.fence.simulator;

import java.util.List;

/**
 * One transaction of an application.
 *
 * @param id never used twice in a schedule
 * @param page the one page that it writes
 */
record Commit(long id, int page) {
  static final int PAGES = 6;

  /** What stands for the rolling checksum of a database with this history. */
  static long checksum(List<Commit> history) {
    return 1L << 63 | hash(0x5bd1e995, history);
  }

  /** The running checksum of the WAL frames of these commits. */
  static long frameChecksum(long salts, List<Commit> frames) {
    return hash(salts, frames);
  }

  private static long hash(long seed, List<Commit> commits) {
    long hash = seed;
    for (Commit commit : commits) {
      hash = (hash ^ commit.id) * 0x9e3779b97f4a7c15L;
      hash ^= hash >>> 29;
    }
    return hash;
  }
}
