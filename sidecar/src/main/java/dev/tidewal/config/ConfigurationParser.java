package dev.tidewal.config;

import dev.tidewal.core.TidewalException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/** From a tree of tidewal's keys to a {@link Configuration}. */
final class ConfigurationParser {
  private final DestinationParser destinations;

  ConfigurationParser(DestinationParser destinations) {
    this.destinations = destinations;
  }

  /**
   * Reads the tree.
   *
   * @throws TidewalException.Usage with file and line
   */
  Configuration parse(Section top) {
    UnknownKeys.refuse(top, Place.TOP);
    List<Section> sections = top.sections(Keys.DATABASES, Optional.empty());
    if (sections.isEmpty()) {
      throw top.error(
          "names no database; list them under 'databases:' (in a Litestream file 'dbs:')");
    }
    List<DatabaseConfig> databases = new ArrayList<>();
    for (Section section : sections) {
      databases.add(database(section));
    }
    refuseOverlaps(sections, databases);
    return new Configuration(
        databases,
        top.get(Keys.ADDR),
        new LoggingConfig(
            top.get(Keys.LOGGING_LEVEL), top.get(Keys.LOGGING_TYPE), top.get(Keys.LOGGING_STDERR)),
        top.get(Keys.SPOOL_LIMIT),
        top.get(Keys.SHUTDOWN_TIMEOUT),
        top.find(Keys.EXEC));
  }

  private DatabaseConfig database(Section section) {
    UnknownKeys.refuse(section, Place.DATABASE);
    return new DatabaseConfig(
        source(section),
        destinations.parseAll(section),
        section.find(Keys.STATE_DIR),
        section.find(Keys.META_PATH),
        section.get(Keys.CONVERT),
        section.get(Keys.RESTORE_IF_MISSING),
        section.get(Keys.WAL_LIMIT),
        checkpoints(section));
  }

  private static DatabaseConfig.CheckpointPolicy checkpoints(Section section) {
    DatabaseConfig.CheckpointPolicy policy =
        new DatabaseConfig.CheckpointPolicy(
            section.get(Keys.POLL_INTERVAL),
            section.get(Keys.CHECKPOINT_IDLE),
            section.get(Keys.CHECKPOINT_SIZE),
            section.get(Keys.CHECKPOINT_FORCE_SIZE));
    if (policy.forceSize().compareTo(policy.size()) < 0) {
      throw section.error(
          section.find(Keys.CHECKPOINT_SIZE).isPresent()
              ? Keys.CHECKPOINT_SIZE
              : Keys.CHECKPOINT_FORCE_SIZE,
          "does not fit: the size "
              + policy.size()
              + " is more than the force-size "
              + policy.forceSize());
    }
    return policy;
  }

  private static DatabaseSource source(Section section) {
    Optional<Path> path = section.find(Keys.PATH);
    Optional<Path> directory = section.find(Keys.DIR);
    if (path.isPresent() == directory.isPresent()) {
      throw section.error(
          path.isPresent()
              ? "has both 'path' and 'dir': one database or a directory of them"
              : "has neither 'path' nor 'dir'");
    }
    if (path.isPresent()) {
      for (Key<?> key : List.of(Keys.PATTERN, Keys.RECURSIVE, Keys.WATCH)) {
        if (section.hasHere(key)) {
          throw section.error(key, "needs 'dir', but this entry has 'path'");
        }
      }
      return new DatabaseSource.File(path.get());
    }
    String pattern =
        section
            .find(Keys.PATTERN)
            .orElseThrow(() -> section.error("has 'dir' without 'pattern', such as \"*.db\""));
    try {
      FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    } catch (PatternSyntaxException e) {
      throw section.error(Keys.PATTERN, "is not a pattern of file names: " + e.getDescription());
    }
    return new DatabaseSource.Directory(
        directory.orElseThrow(), pattern, section.get(Keys.RECURSIVE), section.get(Keys.WATCH));
  }

  /** One database in two entries, or two databases in one place, would mix two histories. */
  private static void refuseOverlaps(List<Section> sections, List<DatabaseConfig> databases) {
    Map<String, String> taken = new HashMap<>();
    for (int i = 0; i < databases.size(); i++) {
      Section section = sections.get(i);
      DatabaseConfig database = databases.get(i);
      if (database.source() instanceof DatabaseSource.File(Path path)) {
        for (int other = 0; other < databases.size(); other++) {
          if (other != i && databases.get(other).source().includes(path)) {
            throw section.error(
                Keys.PATH, "is the same database as in " + sections.get(other).name());
          }
        }
      }
      for (DestinationConfig destination : database.destinations()) {
        String place = destination.store().shown();
        String owner = taken.putIfAbsent(place, section.name());
        if (owner != null) {
          throw section.error(
              "replicates to "
                  + place
                  + ", as "
                  + (owner.equals(section.name()) ? "another of its destinations" : owner)
                  + " does: each needs a path of its own");
        }
      }
      database
          .stateDirectory()
          .ifPresent(directory -> {
            String owner = taken.putIfAbsent("state of " + directory, section.name());
            if (owner != null) {
              throw section.error(Keys.STATE_DIR, "is that of " + owner + " too");
            }
          });
    }
  }
}
