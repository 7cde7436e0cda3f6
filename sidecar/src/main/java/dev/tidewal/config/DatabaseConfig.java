package dev.tidewal.config;

import dev.tidewal.core.ByteSize;
import dev.tidewal.database.DatabaseSettings;
import dev.tidewal.database.SealListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to do with a database, or with every database of a directory.
 *
 * @param destinations at least one; the first is the authority
 * @param stateDirectory where the local state is kept; empty = beside the database
 * @param litestreamDirectory where Litestream kept its own state; empty = beside the database
 * @param convert take a database in rollback mode over to WAL mode
 * @param restoreIfMissing restore a database that does not exist before replicating it
 * @param walLimit how large the WAL may grow on our behalf
 */
public record DatabaseConfig(
    DatabaseSource source,
    List<DestinationConfig> destinations,
    Optional<Path> stateDirectory,
    Optional<Path> litestreamDirectory,
    boolean convert,
    boolean restoreIfMissing,
    ByteSize walLimit,
    CheckpointPolicy checkpoints) {
  public DatabaseConfig {
    destinations = List.copyOf(destinations);
  }

  /**
   * When the WAL is looked at and checkpointed.
   *
   * @param pollInterval where the file system reports no changes
   * @param idle without commits for so long, a replicated WAL is checkpointed
   * @param size from here it is checkpointed in the next pause between commits
   * @param forceSize from here writers wait for it a moment
   */
  public record CheckpointPolicy(
      Duration pollInterval, Duration idle, ByteSize size, ByteSize forceSize) {}

  /** How the database is followed; a small limit brings its checkpoints forward. */
  public DatabaseSettings settings(SealListener listener) {
    long forceSize = Math.min(checkpoints.forceSize().bytes(), walLimit.bytes() / 4);
    return new DatabaseSettings(
        convert ? DatabaseSettings.Conversion.ALLOWED : DatabaseSettings.Conversion.REFUSED,
        checkpoints.idle(),
        DatabaseSettings.DEFAULTS.restAfterIdle(),
        DatabaseSettings.DEFAULTS.followEvery(),
        Math.min(checkpoints.size().bytes(), forceSize),
        forceSize,
        listener);
  }

  /** The same, replicated to other places. */
  public DatabaseConfig withDestinations(List<DestinationConfig> changed) {
    return new DatabaseConfig(
        source,
        changed,
        stateDirectory,
        litestreamDirectory,
        convert,
        restoreIfMissing,
        walLimit,
        checkpoints);
  }

  /** The same with another answer to databases in rollback mode. */
  public DatabaseConfig withConvert(boolean changed) {
    return new DatabaseConfig(
        source,
        destinations,
        stateDirectory,
        litestreamDirectory,
        changed,
        restoreIfMissing,
        walLimit,
        checkpoints);
  }

  /** The same with another answer to databases that do not exist. */
  public DatabaseConfig withRestoreIfMissing(boolean changed) {
    return new DatabaseConfig(
        source,
        destinations,
        stateDirectory,
        litestreamDirectory,
        convert,
        changed,
        walLimit,
        checkpoints);
  }

  /**
   * The settings for one file that this entry means: for a file of a directory, everything that is
   * kept for it lies under its path relative to the directory, so that no two databases meet.
   *
   * @param file absolute
   */
  public Optional<DatabaseConfig> at(Path file) {
    if (!source.includes(file)) {
      return Optional.empty();
    }
    return Optional.of(
        switch (source) {
          case DatabaseSource.File _ -> this;
          case DatabaseSource.Directory in -> below(in.directory().relativize(file), file);
        });
  }

  private DatabaseConfig below(Path relative, Path file) {
    return new DatabaseConfig(
        new DatabaseSource.File(file),
        destinations.stream().map(destination -> destination.below(relative)).toList(),
        stateDirectory.map(above -> hidden(above, relative, "-tidewal")),
        litestreamDirectory.map(above -> hidden(above, relative, "-litestream")),
        convert,
        restoreIfMissing,
        walLimit,
        checkpoints);
  }

  private static Path hidden(Path above, Path relative, String suffix) {
    return above.resolve(relative).resolveSibling("." + relative.getFileName() + suffix);
  }
}
