package dev.tidewal.fence;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The clocks of a process.
 *
 * @param nanos monotonic, for gaps and ages
 * @param wall for timestamps only
 */
public record Clocks(LongSupplier nanos, InstantSource wall) {
  public static final Clocks SYSTEM = new Clocks(System::nanoTime, InstantSource.system());
}
