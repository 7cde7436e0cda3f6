package dev.tidewal.replicate;

/**
 * What waits for the store, and how much room is left. The WAL is the first spool; files come when
 * it is full.
 *
 * @param unsettledWalBytes WAL bytes that were committed and are neither durable nor on disk
 *     elsewhere
 * @param spoolBytes bytes in spool files
 * @param spoolFiles number of spool files that are not being uploaded
 * @param freeDiskBytes free space where the spool lies
 * @param totalDiskBytes size of that file system
 */
public record Backlog(
    long unsettledWalBytes,
    long spoolBytes,
    int spoolFiles,
    long freeDiskBytes,
    long totalDiskBytes) {

  /**
   * What to do so that disk use stays inside the limits. The application is never blocked instead.
   */
  public enum Action {
    /** Room is left: what waits stays in the WAL. */
    KEEP_IN_WAL,
    /** Encode what waits into a spool file, so that the WAL can be sealed and restarted. */
    SPOOL,
    /** Merge the spool files: later pages replace earlier ones. */
    MERGE_SPOOL,
    /** Give up the waiting batches, record that, and send the difference when the store is back. */
    DROP
  }

  /**
   * Limits from the configuration.
   *
   * @param walBytes how large the WAL may grow on our behalf
   * @param spoolBytes how much the spool files may hold in all
   */
  public record Limits(long walBytes, long spoolBytes) {
    /**
     * From this size of the WAL on it is sealed before another upload streams from it, since that
     * would hold it until the next one does.
     */
    long sealFromBytes() {
      return walBytes / 8;
    }

    /**
     * Spooling starts long before the WAL is full, since the application goes on while a spool file
     * is written: at half the speed of that, the WAL doubles before it can be sealed, and some of
     * it is gone before it is noticed on a busy machine.
     */
    long spoolFromBytes() {
      return walBytes / 8 * 3;
    }

    /** What may come into the WAL during an upload that streams from a large one. */
    long growthBytes() {
      return walBytes / 16;
    }
  }

  Action decide(Limits limits) {
    if (unsettledWalBytes < limits.spoolFromBytes()) {
      return Action.KEEP_IN_WAL;
    }
    if (fitsSpool(limits)) {
      return Action.SPOOL;
    }
    boolean mergeHelps = spoolFiles > 1 && freeDiskBytes - spoolBytes >= totalDiskBytes / 10;
    return mergeHelps ? Action.MERGE_SPOOL : Action.DROP;
  }

  /** Whether there is room for what waits in the WAL. */
  boolean fitsSpool(Limits limits) {
    boolean fits = spoolBytes + unsettledWalBytes <= limits.spoolBytes();
    boolean diskAllows = freeDiskBytes - unsettledWalBytes >= totalDiskBytes / 10;
    return fits && diskAllows;
  }
}
