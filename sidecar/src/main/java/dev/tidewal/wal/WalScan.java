package dev.tidewal.wal;

/**
 * What a scan found.
 *
 * @param end the point behind the last commit frame, or where the scan started if there was none
 * @param commits how many transactions ended
 * @param commitPages database size in pages after the last of them, 0 if there was none
 * @param uncommittedFrames valid frames behind {@code end}
 * @param stop why it ended
 */
public record WalScan(
    WalPoint end, long commits, long commitPages, long uncommittedFrames, Stop stop) {
  /** Why a scan ended. All but {@link #BUDGET} are the end of the WAL for now. */
  public enum Stop {
    /** The byte budget was used up; there may be more. */
    BUDGET,
    /** The file ends, maybe within a frame. */
    END_OF_FILE,
    /** The next frame has other salts: it is older than the last restart of the WAL. */
    SALTS,
    /** The next frame fails its checksum: torn, rolled back, or being written. */
    CHECKSUM
  }

  /** Whether nothing was committed behind the start. */
  public boolean isEmpty() {
    return commits == 0;
  }
}
