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
     * Spooling starts a little earlier, since the application goes on while a spool file is
     * written.
     */
    long spoolFromBytes() {
      return walBytes / 4 * 3;
    }
  }

  Action decide(Limits limits) {
    if (unsettledWalBytes < limits.spoolFromBytes()) {
      return Action.KEEP_IN_WAL;
    }
    boolean fits = spoolBytes + unsettledWalBytes <= limits.spoolBytes();
    boolean diskAllows = freeDiskBytes - unsettledWalBytes >= totalDiskBytes / 10;
    if (fits && diskAllows) {
      return Action.SPOOL;
    }
    boolean mergeHelps = spoolFiles > 1 && freeDiskBytes - spoolBytes >= totalDiskBytes / 10;
    return mergeHelps ? Action.MERGE_SPOOL : Action.DROP;
  }
}
