package dev.tidewal.database;

import dev.tidewal.database.SqliteConnection.Checkpoint;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A WAL with our pin on it: looks, moves the pin, seals. Whether the pin may move is the caller's
 * decision. Not thread-safe.
 */
final class PinnedWal implements Closeable {
  /** What may remain to be copied while writers wait. */
  static final long FRAMES_UNDER_LOCK = 256;

  /** At 110 MB/s a writer fills the budget in about 9 ms, so a longer wait for the lock is lost. */
  private static final Duration LOCK_WAIT = Duration.ofMillis(5);

  private static final int LOCK_ROUNDS = 12;
  private static final long NEVER = Long.MIN_VALUE;

  /** Failed attempts pause for 20 ms, 40 ms, ... 640 ms. */
  private static final long FIRST_PAUSE_NANOS = 10_000_000;

  private static final int MAX_DOUBLINGS = 6;

  private final Pins pins;
  private final WalWatch watch;
  private final SealListener listener;
  private WalPlace pinned;

  /** Everything up to there was committed when the pin was opened. */
  private WalPlace pinnedAtLeast;

  private WalPlace seen = WalPlace.NONE;
  private WalPlace endOfPrevious = WalPlace.NONE;
  private @Nullable WalPlace sealed;
  private long copyBlockedNanos = NEVER;
  private long restartMissedNanos = NEVER;
  private int failedAttempts;
  private long attemptNanos = System.nanoTime();
  private long commitNanos = System.nanoTime();
  private long moveNanos = System.nanoTime();

  PinnedWal(Pins pins, WalFile wal, SealListener listener) throws IOException {
    this.pins = pins;
    this.watch = new WalWatch(wal, pins);
    this.listener = listener;
    this.pinned = look().place();
    this.pinnedAtLeast = WalPlace.NONE;
  }

  /** No frame behind this place was committed when the pin was opened. */
  WalPlace pinned() {
    return pinned;
  }

  /**
   * Whether something may be committed that the pin does not see. A commit between its opening and
   * the look that followed counts as unseen, although {@link #pinned} includes it.
   */
  boolean isBehind(WalStatus status) {
    return !pinnedAtLeast.isAtLeast(status.place());
  }

  /** The last place with frames that was seen. */
  WalPlace seen() {
    return seen;
  }

  /** The last place with frames that was seen before the WAL was restarted. */
  WalPlace endOfPrevious() {
    return endOfPrevious;
  }

  /** Whether the pin is known to be on mark 0, so that the next commit restarts the WAL. */
  boolean isSealed(WalStatus status) {
    return status.place().equals(sealed) && status.isBackfilled();
  }

  /**
   * Since when a read transaction of somebody else keeps the WAL from being copied or restarted.
   */
  Duration heldByReader() {
    long since = copyBlockedNanos != NEVER ? copyBlockedNanos : restartMissedNanos;
    return since == NEVER ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
  }

  /** Whether seals that failed before leave another one worth trying. */
  boolean mayAttempt() {
    long pause = FIRST_PAUSE_NANOS << Math.min(failedAttempts, MAX_DOUBLINGS);
    return failedAttempts == 0 || System.nanoTime() - attemptNanos >= pause;
  }

  private WalStatus attempted(WalStatus result) {
    attemptNanos = System.nanoTime();
    failedAttempts = isSealed(result) ? 0 : failedAttempts + 1;
    return result;
  }

  Duration sinceCommit() {
    return Duration.ofNanos(System.nanoTime() - commitNanos);
  }

  Duration sinceMove() {
    return Duration.ofNanos(System.nanoTime() - moveNanos);
  }

  WalStatus look() throws IOException {
    WalStatus status = watch.look();
    WalPlace place = status.place();
    if (place.frames() > 0 && !seen.isAtLeast(place)) {
      noteCommit(place);
    }
    return status;
  }

  private void noteCommit(WalPlace place) {
    commitNanos = System.nanoTime();
    if (place.generation() != seen.generation()) {
      endOfPrevious = seen;
      copyBlockedNanos = NEVER;
      restartMissedNanos = NEVER;
    } else if (seen.equals(sealed) && restartMissedNanos == NEVER) {
      // A writer that could have restarted the WAL appended instead: a reader was in its way.
      restartMissedNanos = commitNanos;
    }
    seen = place;
  }

  /**
   * Pins what is committed now. If all of it was in the database file before and nothing changed
   * meanwhile, the pin is on mark 0: only then does a reader get it, and then it gets no other.
   */
  WalStatus move(WalStatus before) throws IOException {
    pins.move();
    return pinnedAfter(before);
  }

  private WalStatus pinnedAfter(WalStatus before) throws IOException {
    moveNanos = System.nanoTime();
    WalStatus after = look();
    pinned = after.place();
    pinnedAtLeast = before.place();
    boolean unchanged = before.place().equals(after.place());
    sealed = unchanged && before.isBackfilled() && after.isBackfilled() ? after.place() : null;
    return after;
  }

  /** Lets the database file have what the pin saw; takes no lock that a writer needs. */
  WalStatus copy() throws IOException {
    Checkpoint done = pins.copy();
    WalStatus status = look();
    if (!done.busy()) {
      if (!isCopyBlocked(status)) {
        copyBlockedNanos = NEVER;
      } else if (copyBlockedNanos == NEVER) {
        copyBlockedNanos = System.nanoTime();
      }
    }
    return status;
  }

  /** Whether the database file lacks something that our own pin allows it to have. */
  private boolean isCopyBlocked(WalStatus status) {
    return pinnedAtLeast.generation() == status.place().generation()
        && status.backfilled() < Math.min(pinnedAtLeast.frames(), status.frames());
  }

  /**
   * The lock-free seal of a WAL that is settled up to {@code settled}. If something is committed
   * meanwhile, the pin ends on a mark above 0 and nothing is lost.
   */
  WalStatus seal(WalStatus settled) throws IOException {
    return attempted(trySeal(settled));
  }

  private WalStatus trySeal(WalStatus settled) throws IOException {
    long start = System.nanoTime();
    WalStatus status = isBehind(settled) ? move(settled) : settled;
    if (!status.place().equals(settled.place())) {
      return status;
    }
    status = copy();
    if (!status.isBackfilled() || !status.place().equals(settled.place())) {
      return status;
    }
    status = move(status);
    if (isSealed(status)) {
      listener.sealed(Duration.ofNanos(System.nanoTime() - start), Duration.ZERO);
    }
    return status;
  }

  /**
   * The seal of a WAL to which somebody writes all the time. Copies outside the lock until little
   * remains, then keeps writers away for the rest.
   *
   * @param taker takes what is committed into memory; everything the pin saw is taken or settled
   */
  WalStatus sealUnderLoad(TailTaker taker) throws IOException {
    return attempted(trySealUnderLoad(taker));
  }

  private WalStatus trySealUnderLoad(TailTaker taker) throws IOException {
    long start = System.nanoTime();
    WalStatus status = look();
    for (int round = 0; round < LOCK_ROUNDS; round++) {
      if (!taker.take(status)) {
        return status;
      }
      status = move(status);
      if (status.frames() > status.backfilled()) {
        status = copy();
      }
      if (isCopyBlocked(status)) {
        return status;
      }
      if (pins.lock(LOCK_WAIT)) {
        long locked = System.nanoTime();
        try {
          status = sealBeneathLock(taker);
        } finally {
          pins.unlock();
        }
        Duration held = Duration.ofNanos(System.nanoTime() - locked);
        if (isSealed(status)) {
          listener.sealed(Duration.ofNanos(System.nanoTime() - start), held);
          return status;
        }
        listener.gaveUp(held);
      }
      status = look();
    }
    return status;
  }

  /** Nobody can write now, and the lock's own transaction is a pin on everything. */
  private WalStatus sealBeneathLock(TailTaker taker) throws IOException {
    WalStatus status = look();
    if (status.frames() - status.backfilled() > FRAMES_UNDER_LOCK || !taker.take(status)) {
      return status;
    }
    WalStatus[] copied = {status};
    pins.renew(() -> {
      pins.copy();
      copied[0] = look();
    });
    return pinnedAfter(copied[0]);
  }

  /** Cuts the WAL file to nothing; only when sealed. */
  boolean truncate() throws IOException {
    return pins.truncate();
  }

  /** Closes all connections but the one that holds the pin; only when sealed. */
  boolean rest(WalStatus status) throws IOException {
    WalStatus now = pins.isOnResting() ? status : move(status);
    if (!isSealed(now)) {
      return false;
    }
    pins.rest();
    return true;
  }

  @Override
  public void close() throws IOException {
    pins.close();
  }

  /** Takes what is committed and not captured yet into a bounded memory. */
  interface TailTaker {
    /** Takes everything up to the status; false when it does not fit. */
    boolean take(WalStatus status) throws IOException;
  }
}
