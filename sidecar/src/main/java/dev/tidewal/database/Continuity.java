package dev.tidewal.database;

import dev.tidewal.state.FileStamp;
import dev.tidewal.wal.WalHeader;
import dev.tidewal.wal.WalPoint;
import java.util.Optional;

/**
 * Whether a database that was followed by an earlier process can be followed on from where that one
 * ended. After a start this is never assumed from counters: both salts and the checksum of the
 * frame before the point prove it, or a database file that nobody wrote to since all was in it.
 */
public sealed interface Continuity {
  /** The WAL still has the recorded point: whatever lies behind it was not captured yet. */
  record Proven(WalPoint point) implements Continuity {}

  /**
   * Everything recorded was in the database file, and nobody wrote to that since: whatever was
   * committed later is in the WAL, from its beginning. There may be no WAL.
   */
  record Untouched() implements Continuity {}

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
   * @param left the stamp of the database file when all of that was in it and nothing more had been
   *     committed
   */
  record Recorded(
      Optional<WalPoint> point, long commit, boolean backfilled, Optional<FileStamp> left) {
    public static final Recorded NOTHING = new Recorded(Optional.empty(), 0, false);

    public Recorded(Optional<WalPoint> point, long commit, boolean backfilled) {
      this(point, commit, backfilled, Optional.empty());
    }
  }

  /**
   * What a starting process finds beneath its pin.
   *
   * @param header the WAL's header; empty when the file is missing, empty or not valid
   * @param holdsPoint whether salts and checksum at the recorded point are the recorded ones
   * @param walEnd the offset behind the last committed frame
   * @param untouched whether the database file still has the recorded stamp, looked at after the
   *     rest
   */
  record Found(Optional<WalHeader> header, boolean holdsPoint, long walEnd, boolean untouched) {}

  /** Whether the stream goes on without a gap. */
  default boolean isProven() {
    return this instanceof Proven || this instanceof Untouched;
  }

  static Continuity judge(Recorded recorded, Found found) {
    boolean sameWal =
        found
            .header()
            .flatMap(header -> recorded.point().filter(header.start()::hasSaltsOf))
            .isPresent();
    if (found.untouched() && !sameWal) {
      return new Untouched();
    }
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
