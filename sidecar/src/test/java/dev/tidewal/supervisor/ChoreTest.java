package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.compact.Step;
import dev.tidewal.replica.ObjectInfo;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ChoreTest {
  @Test
  void aWaitOfADayIsSleptInHoursSoThatAnIdleReplicaStillExpires() {
    assertThat(Chore.nap(Duration.ofHours(24))).contains(Duration.ofHours(1));
    assertThat(Chore.nap(Duration.ofMinutes(75))).contains(Duration.ofHours(1));
  }

  @Test
  void whatIsNeverDueSleepsWithoutATimer() {
    assertThat(Chore.nap(Step.FOR_EVER)).isEmpty();
    assertThat(Chore.nap(Chore.NEVER)).isEmpty();
  }

  @Test
  void aShortWaitIsOverWhenTheTimerComes() {
    assertThat(Chore.nap(Duration.ofNanos(400_000)))
        .hasValueSatisfying(
            nap -> assertThat(nap).isGreaterThanOrEqualTo(Duration.ofNanos(400_000)));
    assertThat(Chore.nap(Duration.ZERO)).contains(Duration.ZERO);
  }

  @Test
  void aRunThatIsUnderWayHasEndedWhenTheChoreIsClosed() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    try (Chores chores = new Chores()) {
      Chore chore =
          new Chore("test") {
            @Override
            void run() {
              begun.countDown();
              try {
                Thread.sleep(Duration.ofHours(1));
              } catch (InterruptedException closing) {
                await().pollInSameThread().pollDelay(Duration.ofMillis(100)).until(() -> true);
                ended.set(true);
              }
            }

            @Override
            Duration untilNext() {
              return Duration.ZERO;
            }

            @Override
            void acknowledged(ObjectInfo object) {}
          };
      chore.start(chores);
      begun.await();

      chore.close();

      assertThat(ended).isTrue();
    }
  }

  @Test
  void aTimerThatIsEarlyEnoughIsKept() {
    AtomicInteger runs = new AtomicInteger();
    AtomicReference<Duration> next = new AtomicReference<>(Duration.ofSeconds(2));
    try (Chores chores = new Chores();
        Chore chore = counting(runs, next::get)) {
      chore.start(chores);
      next.set(Duration.ofHours(1));
      chore.schedule();
      next.set(Duration.ZERO); // what the kept timer finds when it comes

      await().atMost(Duration.ofSeconds(30)).until(() -> runs.get() > 0);
    }
  }

  @Test
  void aWaitThatBecomesShorterEndsEarlier() {
    AtomicInteger runs = new AtomicInteger();
    AtomicReference<Duration> next = new AtomicReference<>(Duration.ofHours(1));
    try (Chores chores = new Chores();
        Chore chore = counting(runs, next::get)) {
      chore.start(chores);
      next.set(Duration.ZERO);
      chore.schedule();

      await().atMost(Duration.ofSeconds(30)).until(() -> runs.get() > 0);
    }
  }

  /** Wants to run once more after so long, until it has run. */
  private static Chore counting(AtomicInteger runs, Supplier<Duration> next) {
    return new Chore("test") {
      @Override
      void run() {
        runs.incrementAndGet();
      }

      @Override
      Duration untilNext() {
        return runs.get() > 0 ? NEVER : next.get();
      }

      @Override
      void acknowledged(ObjectInfo object) {}
    };
  }

  @Test
  void aDefectDoesNotEndTheChore() {
    AtomicInteger runs = new AtomicInteger();
    try (Chores chores = new Chores();
        Chore chore =
            new Chore("test") {
              @Override
              void run() {
                runs.incrementAndGet();
                throw new IllegalStateException("expected in this test");
              }

              @Override
              Duration untilNext() {
                return runs.get() < 3 ? Duration.ZERO : NEVER;
              }

              @Override
              void acknowledged(ObjectInfo object) {}
            }) {
      chore.start(chores);

      await().atMost(Duration.ofSeconds(30)).until(() -> runs.get() == 3);
    }
  }
}
