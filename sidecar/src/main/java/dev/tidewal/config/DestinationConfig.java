package dev.tidewal.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A replica of a database.
 *
 * @param name unique among the database's destinations
 * @param syncInterval sustained time between uploads
 * @param syncBurst uploads that may come without that time
 */
public record DestinationConfig(
    String name,
    Store store,
    Duration syncInterval,
    int syncBurst,
    Throttle throttle,
    Schedule schedule) {

  /** The same for a database that lies at {@code relative} in a configured directory. */
  DestinationConfig below(Path relative) {
    return new DestinationConfig(
        name, store.below(relative), syncInterval, syncBurst, throttle, schedule);
  }
}
