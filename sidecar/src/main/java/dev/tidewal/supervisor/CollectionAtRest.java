package dev.tidewal.supervisor;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * Collects the heap once after a process that worked came to rest. The serial collector by itself
 * never runs while nothing is allocated: what the start of a thousand databases, or a busy hour,
 * left behind would stay in memory for as long as nobody writes.
 *
 * <p>Rest is seen by the CPU time of the process, which needs no word from anybody. Looks are on
 * the timer of the chores and end with it.
 */
final class CollectionAtRest {
  private static final Logger LOG = System.getLogger(CollectionAtRest.class.getName());
  private static final Duration EVERY = Duration.ofSeconds(15);

  /** At rest, less than this part of one core is used. */
  private static final int REST_DIVISOR = 50;

  /** Less work leaves nothing behind that is worth a collection. */
  private static final Duration WORK = Duration.ofMillis(500);

  private final Chores chores;
  private Duration lookedAtCpu = cpu();
  private Duration collectedAtCpu = Duration.ZERO;
  private long lookedNanos = System.nanoTime();

  private CollectionAtRest(Chores chores) {
    this.chores = chores;
  }

  /** Starts to look. */
  static void start(Chores chores) {
    new CollectionAtRest(chores).lookAgain();
  }

  private void lookAgain() {
    var _ = chores.after(EVERY, this::look);
  }

  private void look() {
    Duration now = cpu();
    long nanos = System.nanoTime();
    Duration used = now.minus(lookedAtCpu);
    if (isDue(Duration.ofNanos(nanos - lookedNanos), used, now.minus(collectedAtCpu))) {
      System.gc();
      LOG.log(Level.DEBUG, "collected the heap at rest");
      collectedAtCpu = cpu();
    }
    lookedAtCpu = now;
    lookedNanos = nanos;
    lookAgain();
  }

  /**
   * Whether the process rests after work.
   *
   * @param time since the last look
   * @param used CPU time since then
   * @param worked CPU time since the last collection
   */
  static boolean isDue(Duration time, Duration used, Duration worked) {
    return used.multipliedBy(REST_DIVISOR).compareTo(time) <= 0 && worked.compareTo(WORK) >= 0;
  }

  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
