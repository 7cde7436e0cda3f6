package dev.tidewal.compact;

import java.time.Instant;

/** The earliest of the moments that were wanted. Safe for use by many threads. */
final class Deadline {
  private Instant moment = Instant.MIN;

  synchronized Instant get() {
    return moment;
  }

  /** Begins anew: nothing wanted, or what is known to come. */
  synchronized void reset(Instant to) {
    moment = to;
  }

  /** The same, unless something else was wanted meanwhile. */
  synchronized void resetIf(Instant known, Instant to) {
    if (moment.equals(known)) {
      moment = to;
    }
  }

  synchronized void by(Instant wanted) {
    moment = wanted.isBefore(moment) ? wanted : moment;
  }
}
