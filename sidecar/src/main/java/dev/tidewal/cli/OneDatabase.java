package dev.tidewal.cli;

import dev.tidewal.config.Configuration;
import dev.tidewal.config.DatabaseConfig;
import dev.tidewal.config.DatabaseSource;
import dev.tidewal.core.TidewalException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A pod that has one of the databases of its configuration, which all pods share: named by {@code
 * TIDEWAL_DATABASE}. Of the others it must not even claim the replica.
 */
final class OneDatabase {
  static final String VARIABLE = "TIDEWAL_DATABASE";

  private OneDatabase() {}

  /**
   * The configuration with that database alone; the same without the variable.
   *
   * @throws TidewalException.Usage when it is none of them
   */
  static Configuration only(Configuration all, Map<String, String> environment) {
    String wanted = environment.getOrDefault(VARIABLE, "");
    if (wanted.isEmpty()) {
      return all;
    }
    List<DatabaseConfig> one =
        all.databases().stream()
            .filter(database -> name(database.source()).equals(wanted))
            .toList();
    if (one.isEmpty()) {
      throw new TidewalException.Usage(
          VARIABLE
              + " is "
              + wanted
              + ", which is none of the configured databases: "
              + all.databases().stream().map(database -> name(database.source())).toList());
    }
    return new Configuration(
        one, all.addr(), all.logging(), all.spoolLimit(), all.shutdownTimeout(), all.exec());
  }

  /** As a person writes it: a path, or a glob. */
  private static String name(DatabaseSource source) {
    return switch (source) {
      case DatabaseSource.File(Path path) -> path.toString();
      case DatabaseSource.Directory directory ->
          directory.directory() + (directory.recursive() ? "/**/" : "/") + directory.pattern();
    };
  }
}
