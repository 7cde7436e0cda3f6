package dev.tidewal.database;

import java.time.Duration;

/** What to do for a WAL right now. Pure: {@link LiveDatabase#tend} looks, asks, and does. */
sealed interface SealDecision {
  /** A slow writer is looked at so many times less often while its commits wait for a capture. */
  int MOST_LOOKS_LEFT_OUT = 8;

  /** Nothing before the next event: close what is not needed. */
  record Rest() implements SealDecision {}

  /** Nothing now. */
  record Wait(Duration atMost) implements SealDecision {}

  /** Pin what is committed now. */
  record Move() implements SealDecision {}

  /** Pin what is committed now, and copy it into the database file. */
  record Copy() implements SealDecision {}

  /** Copy everything into the database file and pin again, without a lock. */
  record Seal() implements SealDecision {}

  /** The same while writers are kept away for a moment. */
  record SealUnderLoad() implements SealDecision {}

  /**
   * What is known.
   *
   * @param mayMove everything that the pin saw is settled or in memory
   * @param settled everything that is committed is settled
   * @param sealed and the pin is known to be on mark 0
   * @param pinIsBehind frames may have been committed since the pin was opened
   * @param backfilled everything that is committed is in the database file
   * @param walBytes WAL in use
   * @param uncopiedBytes of it not in the database file yet
   * @param unsettledBytes of it neither settled nor in memory
   * @param idle since the last commit
   * @param sinceMove since the pin moved
   * @param mayAttempt enough time passed since seals that failed
   */
  record View(
      boolean mayMove,
      boolean settled,
      boolean sealed,
      boolean pinIsBehind,
      boolean backfilled,
      long walBytes,
      long uncopiedBytes,
      long unsettledBytes,
      Duration idle,
      Duration sinceMove,
      boolean mayAttempt) {}

  static SealDecision decide(View view, DatabaseSettings settings) {
    if (view.sealed()) {
      Duration left = settings.restAfterIdle().minus(view.idle());
      return left.isPositive() ? new Wait(left) : new Rest();
    }
    if (view.mayMove() && view.settled() && view.backfilled()) {
      return new Move();
    }
    boolean underLoad = view.walBytes() >= settings.sealUnderLoadAboveWalBytes();
    if (underLoad && view.mayAttempt() && view.unsettledBytes() <= Tail.MAX_BYTES) {
      return new SealUnderLoad();
    }
    boolean idle = view.idle().compareTo(settings.sealAfterIdle()) >= 0;
    boolean large = view.walBytes() >= settings.sealAboveWalBytes();
    if (view.mayMove() && view.settled() && view.mayAttempt() && (idle || large)) {
      return new Seal();
    }
    return view.mayMove() ? follow(view, settings) : new Wait(untilWorthALook(view, settings));
  }

  /**
   * What the pin saw is not captured yet. The next capture comes with a look of its own, so until
   * then only the size counts: at the speed of now, there are two more looks before a seal under
   * load gets more than it can take into memory.
   */
  private static Duration untilWorthALook(View view, DatabaseSettings settings) {
    Duration every = settings.followEvery();
    long room = Tail.MAX_BYTES / 2 - view.unsettledBytes();
    if (room <= 0 || view.walBytes() >= settings.sealAboveWalBytes()) {
      return every;
    }
    return halfway(room, view.unsettledBytes(), view, every);
  }

  /** Half the time until {@code bytes}, which came since the pin moved, have grown by the room. */
  private static Duration halfway(long room, long bytes, View view, Duration every) {
    double bytesANano = bytes / (double) Math.max(1, view.sinceMove().toNanos());
    double looks = room / Math.max(bytesANano, 1e-9) / 2 / every.toNanos();
    return every.multipliedBy((long) Math.clamp(looks, 1, MOST_LOOKS_LEFT_OUT));
  }

  /** A seal in a pause is for a look that finds everything settled, so after the next capture. */
  private static Duration untilWorthACopy(View view, DatabaseSettings settings) {
    Duration every = settings.followEvery();
    long untilCopy = settings.sealAboveWalBytes() / 2 - view.uncopiedBytes();
    long untilSeal = settings.sealUnderLoadAboveWalBytes() - view.walBytes();
    long room = Math.min(untilCopy, untilSeal);
    return view.settled() || room <= 0 ? every : halfway(room, view.uncopiedBytes(), view, every);
  }

  /**
   * A pin that moves lets the application's own checkpoints get on. From the size on at which these
   * begin to be tried with each commit (1,000 pages by default), the copying is ours, so that no
   * commit has to wait for it. Between two copies the pin stays where it is: what lies behind it
   * would be for the application to copy, in the commit that comes to that size.
   */
  private static SealDecision follow(View view, DatabaseSettings settings) {
    if (view.walBytes() >= settings.sealAboveWalBytes() / 2) {
      boolean worth = view.uncopiedBytes() >= settings.sealAboveWalBytes() / 2;
      return worth ? new Copy() : new Wait(untilWorthACopy(view, settings));
    }
    if (!view.pinIsBehind()) {
      // A commit comes with an event, so without one only the seal of an idle WAL is to come.
      Duration untilIdle = settings.sealAfterIdle().minus(view.idle());
      boolean longer = view.settled() && untilIdle.compareTo(settings.followEvery()) > 0;
      return new Wait(longer ? untilIdle : settings.followEvery());
    }
    boolean due = view.sinceMove().compareTo(settings.followEvery()) >= 0;
    return due ? new Move() : new Wait(settings.followEvery());
  }
}
