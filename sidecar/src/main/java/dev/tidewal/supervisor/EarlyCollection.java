package dev.tidewal.supervisor;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Optional;
import javax.management.ListenerNotFoundException;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;

/**
 * Collects the old generation of the heap when it is twice as large as what lived after the last
 * time. The serial collector by itself takes more memory from the system instead, up to its limit
 * of half the machine: buffers of a busy hour would stay for good.
 */
final class EarlyCollection implements AutoCloseable {
  private static final Logger LOG = System.getLogger(EarlyCollection.class.getName());

  /** Below, a collection saves nothing that is worth its time. */
  private static final long SMALLEST_BYTES = 24L << 20;

  private final NotificationEmitter emitter =
      (NotificationEmitter) ManagementFactory.getMemoryMXBean();
  private final MemoryPoolMXBean oldGeneration;
  private final NotificationListener listener = (notification, handback) -> collect();

  private EarlyCollection(MemoryPoolMXBean oldGeneration) {
    this.oldGeneration = oldGeneration;
  }

  /** Starts to watch; empty where the collector has no pool that can be watched. */
  static Optional<EarlyCollection> start() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP && pool.isUsageThresholdSupported())
        .findFirst()
        .map(EarlyCollection::watch);
  }

  private static EarlyCollection watch(MemoryPoolMXBean pool) {
    EarlyCollection started = new EarlyCollection(pool);
    started.emitter.addNotificationListener(started.listener, null, null);
    started.expect(0);
    return started;
  }

  private void collect() {
    System.gc();
    long living = oldGeneration.getUsage().getUsed();
    LOG.log(Level.DEBUG, "collected the heap; {0} bytes live", living);
    expect(living);
  }

  private void expect(long living) {
    oldGeneration.setUsageThreshold(thresholdBytes(living, oldGeneration.getUsage().getMax()));
  }

  /**
   * From which use on the next collection comes; 0 for none: near its limit the collector collects
   * by itself.
   *
   * @param living bytes that survived the last one
   * @param limit of the pool, -1 for none
   */
  static long thresholdBytes(long living, long limit) {
    long threshold = Math.max(SMALLEST_BYTES, 2 * living);
    return limit > 0 && threshold >= limit ? 0 : threshold;
  }

  @Override
  public void close() {
    oldGeneration.setUsageThreshold(0);
    try {
      emitter.removeNotificationListener(listener);
    } catch (ListenerNotFoundException e) {
      LOG.log(Level.DEBUG, "closed twice");
    }
  }
}
