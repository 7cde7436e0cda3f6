package dev.tidewal.fence.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * In 10,000 schedules: one history; the acknowledged prefix never shrinks or changes; a stale owner
 * finds out before it acknowledges; a start that is refused writes nothing; every restore is a
 * prefix of the one history and has everything acknowledged; the last owner, unharmed, goes on.
 *
 * <p>{@code -Dsimulator.seed=N} replays one schedule and tells what happens; {@code
 * -Dsimulator.first=N} begins elsewhere, {@code -Dsimulator.schedules=N} runs more.
 */
class SimulatorTest {
  private static final long FIRST = Long.getLong("simulator.first", 1);
  private static final int SCHEDULES = Integer.getInteger("simulator.schedules", 10_000);

  @Test
  void noScheduleBreaksAPromise() throws InterruptedException {
    Long seed = Long.getLong("simulator.seed");
    if (seed != null) {
      new World(seed, Mutant.NONE, true).run();
      return;
    }
    assertThat(firstFailure(Mutant.NONE)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyDefectIsFound(Mutant mutant) throws InterruptedException {
    assertThat(firstFailure(mutant)).isPresent();
  }

  /** In a virtual thread, because giving way to another one is cheap between those. */
  private static Optional<String> firstFailure(Mutant mutant) throws InterruptedException {
    AtomicReference<String> found = new AtomicReference<>();
    Thread.ofVirtual()
        .start(() -> {
          for (long seed = FIRST; seed < FIRST + SCHEDULES && found.get() == null; seed++) {
            try {
              new World(seed, mutant, false).run();
            } catch (Violation e) {
              found.set(e.getMessage() + "; replay with -Dsimulator.seed=" + seed);
            }
          }
        })
        .join();
    return Optional.ofNullable(found.get());
  }
}
