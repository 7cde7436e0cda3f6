package dev.tidewal.supervisor;

import dev.tidewal.config.DatabaseSource;
import dev.tidewal.core.TidewalException;
import dev.tidewal.database.DatabaseLook;
import dev.tidewal.database.Wake;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Finds the databases of a directory, at the start and (where that is configured) as they appear.
 * Thread-safe.
 */
final class DirectoryScan implements Closeable {
  private static final Logger LOG = System.getLogger(DirectoryScan.class.getName());
  private static final Duration SETTLE = Duration.ofMillis(250);

  private final DatabaseSource.Directory source;
  private final Wake watch;
  private final Chores chores;
  private final Consumer<Path> found;
  private final Map<Path, Wake.Watched> directories = new HashMap<>();
  private boolean scheduled;
  private boolean closed;

  private DirectoryScan(
      DatabaseSource.Directory source, Wake watch, Chores chores, Consumer<Path> found) {
    this.source = source;
    this.watch = watch;
    this.chores = chores;
    this.found = found;
  }

  /**
   * Scans once, and again when something changes.
   *
   * @param found told of every database, possibly more than once
   */
  static DirectoryScan start(
      DatabaseSource.Directory source, Wake watch, Chores chores, Consumer<Path> found)
      throws IOException {
    if (!Files.isDirectory(source.directory())) {
      throw new TidewalException.Usage(
          source.directory() + " is not a directory: create it, or name a database with 'path'");
    }
    DirectoryScan scan = new DirectoryScan(source, watch, chores, found);
    scan.scan();
    return scan;
  }

  private synchronized void changed() {
    if (!scheduled && !closed) {
      scheduled = true;
      var _ = chores.after(SETTLE, this::rescan);
    }
  }

  private void rescan() {
    synchronized (this) {
      scheduled = false;
      if (closed) {
        return;
      }
    }
    try {
      listen();
      scan();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "{0} can''t be scanned: {1}", source.directory(), e.getMessage());
    }
  }

  /** Before the scan, so that nothing which comes during it is missed. */
  private synchronized void listen() {
    for (Wake.Watched directory : directories.values()) {
      directory.again();
    }
  }

  private void scan() throws IOException {
    int depth = source.recursive() ? Integer.MAX_VALUE : 1;
    try (Stream<Path> paths = Files.walk(source.directory(), depth)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        if (Files.isDirectory(path)) {
          watch(path);
        } else if (source.includes(path) && isDatabase(path)) {
          found.accept(path);
        }
      }
    }
  }

  private synchronized void watch(Path directory) throws IOException {
    boolean ours = directory.getFileName().toString().startsWith(".");
    boolean inside = source.recursive() || directory.equals(source.directory());
    if (source.watch() && inside && !ours && !closed && !directories.containsKey(directory)) {
      directories.put(directory, watch.watchDirectory(directory, _ -> changed()));
    }
  }

  private static boolean isDatabase(Path path) throws IOException {
    try {
      return DatabaseLook.at(path) instanceof DatabaseLook.Database;
    } catch (TidewalException e) {
      return false; // another kind of file
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    directories.values().forEach(Wake.Watched::close);
    directories.clear();
  }
}
