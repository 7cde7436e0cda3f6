package dev.tidewal.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.database.SealDecision.View;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SealDecisionTest {
  private static final DatabaseSettings SETTINGS = DatabaseSettings.DEFAULTS;
  private static final long SMALL = 100_000;
  private static final long LARGE = SETTINGS.sealAboveWalBytes();
  private static final long HUGE = SETTINGS.sealUnderLoadAboveWalBytes();
  private static final Duration BUSY = Duration.ofMillis(1);
  private static final Duration IDLE = Duration.ofSeconds(2);

  @Test
  void thePinNeverMovesPastWhatIsNotSettled() {
    for (Duration idle : new Duration[] {BUSY, IDLE}) {
      for (long wal : new long[] {SMALL, LARGE}) {
        View view = view(false, false, wal, idle);
        assertThat(SealDecision.decide(view, SETTINGS)).isInstanceOf(SealDecision.Wait.class);
      }
    }
  }

  @Test
  void anIdleSettledWalIsSealed() {
    assertThat(SealDecision.decide(view(true, true, SMALL, IDLE), SETTINGS))
        .isInstanceOf(SealDecision.Seal.class);
  }

  @Test
  void aLargeSettledWalIsSealedWithoutWaitingForIdleness() {
    assertThat(SealDecision.decide(view(true, true, LARGE, BUSY), SETTINGS))
        .isInstanceOf(SealDecision.Seal.class);
  }

  @Test
  void aSmallWalUnderWritesIsFollowed() {
    assertThat(SealDecision.decide(view(true, true, SMALL, BUSY), SETTINGS))
        .isInstanceOf(SealDecision.Move.class);
  }

  @Test
  void theCopyingIsOursBeforeTheApplicationBeginsIt() {
    assertThat(SealDecision.decide(view(true, false, LARGE, BUSY), SETTINGS))
        .isInstanceOf(SealDecision.Copy.class);
  }

  @Test
  void aHugeWalIsSealedUnderLoadEvenIfTheLastCommitsAreNotSettled() {
    assertThat(SealDecision.decide(view(false, false, HUGE, BUSY), SETTINGS))
        .isInstanceOf(SealDecision.SealUnderLoad.class);
  }

  @Test
  void aSealUnderLoadNeedsRoomForTheTail() {
    View view =
        new View(true, false, false, true, false, HUGE, 0, Tail.MAX_BYTES + 1, BUSY, BUSY, true);

    assertThat(SealDecision.decide(view, SETTINGS))
        .isNotInstanceOf(SealDecision.SealUnderLoad.class);
  }

  @Test
  void somebodyElsesFullCheckpointIsFollowedAtOnce() {
    View view = new View(true, true, false, false, true, SMALL, 0, 0, BUSY, Duration.ZERO, false);

    assertThat(SealDecision.decide(view, SETTINGS)).isInstanceOf(SealDecision.Move.class);
  }

  @Test
  void aSealedDatabaseRestsInTheEnd() {
    View fresh = sealed(Duration.ofSeconds(1));
    View old = sealed(SETTINGS.restAfterIdle());

    assertThat(SealDecision.decide(fresh, SETTINGS)).isInstanceOf(SealDecision.Wait.class);
    assertThat(SealDecision.decide(old, SETTINGS)).isInstanceOf(SealDecision.Rest.class);
  }

  @Test
  void whatIsNotCapturedIsLookedAtLessOftenWhenItGrowsSlowly() {
    View slow = uncaptured(SMALL);
    View fast = uncaptured(Tail.MAX_BYTES / 3);

    Duration slowWait = waiting(slow);
    Duration fastWait = waiting(fast);

    assertThat(slowWait).isGreaterThan(SETTINGS.followEvery());
    assertThat(fastWait).isEqualTo(SETTINGS.followEvery());
  }

  @Test
  void aWalThatGrowsSlowlyIsLookedAtLessOftenBeforeItIsWorthACopy() {
    View slow = following(SETTINGS.sealAboveWalBytes() / 40);
    View fast = following(SETTINGS.sealAboveWalBytes() / 3);

    Duration slowWait = waiting(slow);
    Duration fastWait = waiting(fast);

    assertThat(slowWait).isGreaterThan(SETTINGS.followEvery());
    assertThat(fastWait).isEqualTo(SETTINGS.followEvery());
  }

  @Test
  void aSettledWalWithoutCommitsIsLeftAloneUntilItIsIdle() {
    View settled = new View(true, true, false, false, false, SMALL, SMALL, 0, BUSY, BUSY, true);

    assertThat(waiting(settled)).isEqualTo(SETTINGS.sealAfterIdle().minus(BUSY));
  }

  /** What lies behind it would be for the application to copy, in the middle of a commit. */
  @Test
  void betweenTwoCopiesThePinStaysWhereItIs() {
    long wal = SETTINGS.sealAboveWalBytes() / 4 * 3;
    Duration since = Duration.ofSeconds(1);
    View settled = new View(true, true, false, true, false, wal, SMALL, 0, BUSY, since, true);

    assertThat(waiting(settled)).isEqualTo(SETTINGS.followEvery());
  }

  private static Duration waiting(View view) {
    return ((SealDecision.Wait) SealDecision.decide(view, SETTINGS)).atMost();
  }

  /** So many bytes were committed in the time between two looks. */
  private static View uncaptured(long bytes) {
    Duration since = SETTINGS.followEvery();
    return new View(false, false, false, true, false, bytes, bytes, bytes, BUSY, since, true);
  }

  /** So many bytes were committed, and not all captured, since the pin moved between two looks. */
  private static View following(long uncopied) {
    Duration since = SETTINGS.followEvery();
    long wal = SETTINGS.sealAboveWalBytes();
    return new View(true, false, false, true, false, wal, uncopied, SMALL, BUSY, since, true);
  }

  private static View view(boolean mayMove, boolean settled, long walBytes, Duration idle) {
    Duration sinceMove = Duration.ofSeconds(1);
    return new View(
        mayMove, settled, false, true, false, walBytes, walBytes, 0, idle, sinceMove, true);
  }

  private static View sealed(Duration idle) {
    return new View(true, true, true, false, true, SMALL, 0, 0, idle, idle, true);
  }
}
