package dev.tidewal.config;

import dev.tidewal.core.ByteSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Everything a process of {@code tidewal replicate} is told. Immutable; defaults and inherited
 * values are resolved.
 *
 * @param databases at least one
 * @param spoolLimit local disk for waiting changes, of all databases together
 * @param shutdownTimeout for the last synchronisation; zero = one attempt
 * @param exec command to run beside replication
 */
public record Configuration(
    List<DatabaseConfig> databases,
    ListenAddress addr,
    LoggingConfig logging,
    ByteSize spoolLimit,
    Duration shutdownTimeout,
    Optional<String> exec) {
  public Configuration {
    databases = List.copyOf(databases);
  }

  /** The same with every database changed, by an option of the command line for example. */
  public Configuration withDatabases(UnaryOperator<DatabaseConfig> change) {
    return new Configuration(
        databases.stream().map(change).toList(), addr, logging, spoolLimit, shutdownTimeout, exec);
  }

  /** The same with another address of the HTTP server. */
  public Configuration withAddr(ListenAddress changed) {
    return new Configuration(databases, changed, logging, spoolLimit, shutdownTimeout, exec);
  }

  /**
   * The settings of one database file, whether it is named itself or lies in a configured
   * directory.
   */
  public Optional<DatabaseConfig> find(Path database) {
    Path file = database.toAbsolutePath().normalize();
    return databases.stream().flatMap(config -> config.at(file).stream()).findFirst();
  }
}
