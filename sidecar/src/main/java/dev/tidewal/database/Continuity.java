package dev.tidewal.database;

import dev.tidewal.wal.WalHeader;
import dev.tidewal.wal.WalPoint;
import java.util.Optional;

/**
 * Whether a database that was followed by an earlier process can be followed on from where that one
 * ended. After a start this is never assumed from counters: only both salts and the checksum of the
 * frame before the point prove it. Source: DESIGN section 5.
 */
public sealed interface Continuity {
  /** The WAL still has the recorded point: whatever lies behind it was not captured yet. */
  record Proven(WalPoint point) implements Continuity {}

  /** Commits may have gone by unseen: resync by difference. */
  record Unproven(Reason reason) implements Continuity {}

  /** The WAL has the recorded salts and ends before the recorded point, as after a power loss. */
  record Behind(long walEnd, WalPoint point) implements Continuity {}

  /** This file did not come from the recorded state. */
  record Forked(Reason reason) implements Continuity {}

  /** Why continuity is not proven. */
  enum Reason {
    NOTHING_RECORDED("no earlier position is recorded"),
    WAL_GONE("the WAL is missing or empty; all of it had been checkpointed"),
    WAL_GONE_UNBACKFILLED("the WAL is missing or empty, with commits that were never checkpointed"),
    OTHER_SALTS("the WAL was restarted since"),
    OTHER_CHECKSUM("the WAL has other content at the recorded position");

    private final String sentence;

    Reason(String sentence) {
      this.sentence = sentence;
    }

    public String sentence() {
      return sentence;
    }
  }

  /**
   * What an earlier process recorded.
   *
   * @param point the byte after the last captured frame
   * @param commit database size in pages there
   * @param backfilled whether everything up to there was known to be in the database file
   */
  record Recorded(Optional<WalPoint> point, long commit, boolean backfilled) {
    public static final Recorded NOTHING = new Recorded(Optional.empty(), 0, false);
  }

  /**
   * What a starting process finds beneath its pin.
   *
   * @param header the WAL's header; empty when the file is missing, empty or not valid
   * @param holdsPoint whether salts and checksum at the recorded point are the recorded ones
   * @param walEnd the offset behind the last committed frame
   */
  record Found(Optional<WalHeader> header, boolean holdsPoint, long walEnd) {}

  static Continuity judge(Recorded recorded, Found found) {
    if (recorded.point().isEmpty()) {
      return new Unproven(Reason.NOTHING_RECORDED);
    }
    WalPoint point = recorded.point().get();
    if (found.header().isEmpty()) {
      return recorded.backfilled()
          ? new Unproven(Reason.WAL_GONE)
          : new Forked(Reason.WAL_GONE_UNBACKFILLED);
    }
    if (!found.header().get().start().hasSaltsOf(point)) {
      return new Unproven(Reason.OTHER_SALTS);
    }
    if (found.walEnd() < point.offset()) {
      return new Behind(found.walEnd(), point);
    }
    return found.holdsPoint() ? new Proven(point) : new Forked(Reason.OTHER_CHECKSUM);
  }
}
