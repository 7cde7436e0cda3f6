package dev.tidewal.database;

import java.time.Duration;

/** What to do for a WAL right now. Pure. Source: the three steps of "moving and sealing". */
sealed interface SealDecision {
  /** Nothing before the next event: close what is not needed. */
  record Rest() implements SealDecision {}

  /** Nothing now. */
  record Wait(Duration atMost) implements SealDecision {}

  /** Pin what is committed now. */
  record Move() implements SealDecision {}

  /** Copy everything into the database file and pin again, without a lock. */
  record Seal() implements SealDecision {}

  /** The same while writers are kept away for a moment. */
  record SealUnderLoad() implements SealDecision {}

  /**
   * What is known.
   *
   * @param mayMove everything that the pin saw is settled
   * @param settled everything that is committed is settled
   * @param sealed and the pin is known to be on mark 0
   * @param pinIsBehind frames were committed since the pin was opened
   * @param backfilled everything that is committed is in the database file
   * @param walBytes bytes in use
   * @param idle since the last commit
   * @param sinceMove since the pin moved
   */
  record View(
      boolean mayMove,
      boolean settled,
      boolean sealed,
      boolean pinIsBehind,
      boolean backfilled,
      long walBytes,
      Duration idle,
      Duration sinceMove) {}

  static SealDecision decide(View view, DatabaseSettings settings) {
    if (view.sealed()) {
      Duration left = settings.restAfterIdle().minus(view.idle());
      return left.isPositive() ? new Wait(left) : new Rest();
    }
    if (!view.mayMove()) {
      return new Wait(settings.followEvery());
    }
    if (view.settled() && view.backfilled()) {
      return new Move();
    }
    boolean idleLongEnough = view.idle().compareTo(settings.sealAfterIdle()) >= 0;
    if (view.settled() && (idleLongEnough || view.walBytes() >= settings.sealAboveWalBytes())) {
      return new Seal();
    }
    if (view.pinIsBehind() && view.sinceMove().compareTo(settings.followEvery()) >= 0) {
      return new Move();
    }
    return new Wait(settings.followEvery());
  }
}
