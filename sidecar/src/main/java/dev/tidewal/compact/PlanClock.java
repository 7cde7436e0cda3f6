package dev.tidewal.compact;

import java.time.Duration;
import java.time.Instant;

/**
 * The clock by which batches fall into the intervals of a level.
 *
 * <p>Normally LTX timestamps and the local clock, which wrote them. They never go back, so one
 * wrong step of the clock could hold compaction up for years: a timestamp more than five minutes
 * ahead of the store's own counts as those five minutes, and a local clock that is further off than
 * that is not used at all, nor are the timestamps it wrote.
 *
 * @param now by this clock
 * @param local whether it is the local clock
 */
record PlanClock(Instant now, boolean local) {
  /** DESIGN section 3: more is a condition that is reported. */
  static final Duration MAX_SKEW = Duration.ofMinutes(5);

  static PlanClock of(Instant wall, Instant store) {
    boolean close = Duration.between(wall, store).abs().compareTo(MAX_SKEW) <= 0;
    return new PlanClock(close ? wall : store, close);
  }

  /** When the object's last batch was written. */
  Instant timeOf(LevelObject object) {
    if (!local) {
      return object.modified();
    }
    Instant latest = object.modified().plus(MAX_SKEW);
    return object.timestamp().isAfter(latest) ? latest : object.timestamp();
  }

  /** When the interval that holds this moment is over; intervals begin at the epoch. */
  static Instant endOfInterval(Instant moment, Duration interval) {
    long millis = interval.toMillis();
    return Instant.ofEpochMilli((Math.floorDiv(moment.toEpochMilli(), millis) + 1) * millis);
  }

  boolean isPast(Instant moment) {
    return !moment.isAfter(now);
  }
}
