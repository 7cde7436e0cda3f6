package dev.tidewal.cli;

import dev.tidewal.config.Configuration;
import dev.tidewal.config.DatabaseConfig;
import dev.tidewal.config.DatabaseSource;
import dev.tidewal.config.DestinationConfig;
import dev.tidewal.core.Nearest;
import dev.tidewal.core.TidewalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The replica that an argument {@code URL|DB} means.
 *
 * @param database the database of the configuration, when the argument named one
 * @param file that database's file
 */
record Target(
    Optional<DatabaseConfig> database, Optional<Path> file, DestinationConfig destination) {

  /**
   * Reads the argument: a URL, else a database of the configuration, else a directory that holds a
   * file replica.
   *
   * @param name the destination to take, else the first one, which is the authority
   * @throws TidewalException.Usage when it is none of these
   */
  static Target of(String argument, Optional<String> name, ConfigOptions options, Terminal terminal)
      throws IOException {
    if (isUrl(argument)) {
      return url(argument, options, terminal);
    }
    Optional<Configuration> configuration = options.find(terminal);
    Path path = Path.of(argument);
    Optional<DatabaseConfig> database = configuration.flatMap(all -> all.find(path));
    if (database.isPresent()) {
      return new Target(
          database,
          Optional.of(path.toAbsolutePath().normalize()),
          destination(database.get(), name, argument));
    }
    if (Files.isDirectory(path)) {
      return url(argument, options, terminal);
    }
    throw new TidewalException.Usage(
        argument
            + " is neither a replica URL nor a database of "
            + options
                .file(terminal)
                .map(file -> file + nearest(argument, configuration))
                .orElse("a configuration (none was found): name it with --config"));
  }

  /** Whether an argument is meant as a URL, rather than as a path. */
  static boolean isUrl(String argument) {
    return argument.contains("://") || argument.startsWith("file:");
  }

  private static Target url(String url, ConfigOptions options, Terminal terminal) {
    return new Target(Optional.empty(), Optional.empty(), options.reader(terminal).ofUrl(url));
  }

  private static DestinationConfig destination(
      DatabaseConfig database, Optional<String> name, String argument) {
    List<DestinationConfig> all = database.destinations();
    if (name.isEmpty()) {
      return all.getFirst();
    }
    return all.stream()
        .filter(each -> each.name().equals(name.get()))
        .findFirst()
        .orElseThrow(() ->
            new TidewalException.Usage(
                argument
                    + " has no destination "
                    + name.get()
                    + ": it has "
                    + String.join(", ", all.stream().map(DestinationConfig::name).toList())));
  }

  private static String nearest(String argument, Optional<Configuration> configuration) {
    List<String> known =
        configuration.stream()
            .flatMap(all -> all.databases().stream())
            .map(DatabaseConfig::source)
            .map(source ->
                switch (source) {
                  case DatabaseSource.File one -> one.path().toString();
                  case DatabaseSource.Directory many -> many.directory().toString();
                })
            .toList();
    String absolute = Path.of(argument).toAbsolutePath().normalize().toString();
    return Nearest.to(absolute, known)
        .map(name -> ": did you mean " + name + "?")
        .orElse(", which has " + String.join(", ", known));
  }
}
