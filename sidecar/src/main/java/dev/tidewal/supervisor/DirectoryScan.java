package dev.tidewal.supervisor;

import dev.tidewal.config.DatabaseSource;
import dev.tidewal.core.TidewalException;
import dev.tidewal.database.DatabaseLook;
import dev.tidewal.database.Wake;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

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

  /** What nobody could look at, told once. */
  private final Set<Path> unreadable = ConcurrentHashMap.newKeySet();

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
    watch(source.directory());
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(source.directory())) {
      look(entries);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private void look(DirectoryStream<Path> entries) {
    for (Path entry : entries) {
      if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        lookAtFile(entry);
      } else if (source.recursive() && !isState(entry)) {
        lookInside(entry);
      }
    }
  }

  /** What can't be read, as {@code lost+found}, or vanishes meanwhile, ends no scan. */
  private void lookInside(Path directory) {
    watch(directory);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      look(entries);
    } catch (NoSuchFileException e) {
      LOG.log(Level.DEBUG, "{0} is gone", directory);
    } catch (DirectoryIteratorException | IOException e) {
      warnOnce(directory, String.valueOf(e.getMessage()));
    }
  }

  /**
   * A {@code -shm} file must not even be opened: when it is closed again, this process loses its
   * locks on it, and with them the pin of the database (sqlite.org/howtocorrupt.html section 2.2).
   */
  private void lookAtFile(Path file) {
    if (!source.includes(file) || isCompanion(file)) {
      return;
    }
    try {
      if (DatabaseLook.at(file) instanceof DatabaseLook.Database) {
        found.accept(file);
      }
    } catch (TidewalException.PermissionDenied | IOException e) {
      warnOnce(file, String.valueOf(e.getMessage()));
    } catch (TidewalException e) {
      LOG.log(Level.DEBUG, "not a database: {0}", e.getMessage());
    }
  }

  private void warnOnce(Path path, String why) {
    if (unreadable.add(path)) {
      LOG.log(Level.WARNING, "{0} is left out of {1}: {2}", path, source.directory(), why);
    }
  }

  private static boolean isCompanion(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith("-wal") || name.endsWith("-shm") || name.endsWith("-journal");
  }

  /** Holds our lock, and copies of databases that were kept aside. */
  private static boolean isState(Path directory) {
    String name = directory.getFileName().toString();
    return name.startsWith(".") && (name.endsWith("-tidewal") || name.endsWith("-litestream"));
  }

  private synchronized void watch(Path directory) {
    if (source.watch() && !closed) {
      directories.computeIfAbsent(directory, path -> watch.watchDirectory(path, _ -> changed()));
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    directories.values().forEach(Wake.Watched::close);
    directories.clear();
  }
}
