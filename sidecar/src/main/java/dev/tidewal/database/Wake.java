package dev.tidewal.database;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells when the files of databases change: one inotify watch a directory, one thread for all.
 *
 * <p>Where events don't come (some network and FUSE file systems) a directory is polled instead.
 * Which ones these are is found out by itself: every few seconds the thread compares the files with
 * what it saw last, and a change that no event announced switches the directory over. The same look
 * heals lost events and directories that were moved away and back. Thread-safe.
 */
public final class Wake implements Closeable {
  /**
   * How often to look.
   *
   * @param idle at files for which events are expected, in case none come
   * @param polled at files for which none come, unless {@link #watch} names another interval
   * @param quick at those of them that changed a moment ago
   */
  public record Intervals(Duration idle, Duration polled, Duration quick) {
    public static final Intervals DEFAULTS =
        new Intervals(Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofMillis(10));
  }

  /**
   * Told about the next change, and after that not before it was asked for again; on the one thread
   * of all databases, so it must return at once and not throw.
   */
  @FunctionalInterface
  public interface Listener {
    /** The database or its WAL changed, appeared, or went. */
    void changed(Instant when);
  }

  /** A database that is watched until this is closed. */
  public interface Watched extends Closeable {
    /** Asks to be told of the next change; what changed before has to be looked for after this. */
    void again();

    /** Whether its directory is polled because events don't come. */
    boolean isPolled();

    @Override
    void close();
  }

  private static final Logger LOG = System.getLogger(Wake.class.getName());
  private static final Duration AFTER_FAILURE = Duration.ofMillis(200);

  private final WatchService service;
  private final Intervals intervals;
  private final Map<Path, WatchedDirectory> directories = new ConcurrentHashMap<>();
  private final Thread thread;

  private Wake(WatchService service, Intervals intervals) {
    this.service = service;
    this.intervals = intervals;
    this.thread = Thread.ofPlatform().daemon().name("wake").unstarted(this::run);
  }

  public static Wake start() throws IOException {
    return start(Intervals.DEFAULTS);
  }

  static Wake start(Intervals intervals) throws IOException {
    Wake wake = new Wake(FileSystems.getDefault().newWatchService(), intervals);
    wake.thread.start();
    return wake;
  }

  /** Tells about a database, which may not exist yet, and neither may its directory. */
  public Watched watch(Path database, Listener listener) {
    return watch(database, intervals.polled(), listener);
  }

  /**
   * The same.
   *
   * @param polled how often to look where events don't come
   */
  public Watched watch(Path database, Duration polled, Listener listener) {
    Path file = database.toAbsolutePath();
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(database + " is not a file");
    }
    return watchIn(parent, directory -> directory.add(file, polled, listener));
  }

  /** Tells about everything that changes in a directory. */
  public Watched watchDirectory(Path path, Listener listener) {
    return watchIn(
        path.toAbsolutePath(), directory -> directory.addAll(intervals.polled(), listener));
  }

  private Watched watchIn(Path parent, Function<WatchedDirectory, Watched> add) {
    Watched[] watched = new Watched[1];
    directories.compute(
        parent,
        (path, known) -> {
          WatchedDirectory at =
              known == null ? new WatchedDirectory(path, intervals, this::events) : known;
          watched[0] = add.apply(at);
          return at;
        });
    return watched[0];
  }

  /** No event arrives after this returns. */
  @Override
  public void close() throws IOException {
    service.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (true) {
        try {
          next();
        } catch (ClosedWatchServiceException e) {
          return; // no more events
        } catch (RuntimeException | Error e) {
          // Without this thread no commit of any database would be noticed; a later look heals.
          report(e);
          Thread.sleep(AFTER_FAILURE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void report(Throwable failure) {
    try {
      LOG.log(Level.ERROR, "a change of files could not be told", failure);
    } catch (RuntimeException | Error e) {
      // Without memory nothing can be said; the thread has to go on all the more.
    }
  }

  private void next() throws InterruptedException {
    WatchKey key = service.poll(untilNextLook(), TimeUnit.NANOSECONDS);
    Instant now = Instant.now();
    if (key != null) {
      handle(key, now);
    }
    for (WatchedDirectory directory : directories.values()) {
      look(directory, now);
    }
  }

  private void look(WatchedDirectory directory, Instant now) {
    if (directory.isEmpty()) {
      directories.computeIfPresent(directory.path(), (_, at) -> at.isEmpty() ? at.cancelled() : at);
      return;
    }
    directory.lookIfDue(now);
    directory.listen();
  }

  private long untilNextLook() {
    long least = intervals.idle().toNanos();
    for (WatchedDirectory directory : directories.values()) {
      least = Math.min(least, directory.nanosUntilLook());
    }
    return Math.max(0, least);
  }

  private void handle(WatchKey key, Instant now) {
    WatchedDirectory directory = directories.get((Path) key.watchable());
    boolean paused = false;
    try {
      paused = directory != null && directory.pause(key);
      if (!paused) {
        tell(directory, key, now);
      }
    } finally { // a key that is not reset brings no more events
      if (!paused && !key.reset() && directory != null) {
        directory.unregistered();
      }
    }
  }

  private static void tell(@Nullable WatchedDirectory directory, WatchKey key, Instant now) {
    for (WatchEvent<?> event : key.pollEvents()) {
      if (directory != null) {
        boolean overflow = event.kind().equals(StandardWatchEventKinds.OVERFLOW);
        directory.changed(overflow ? null : String.valueOf(event.context()), now);
      }
    }
  }

  private WatchKey events(Path directory) throws IOException {
    return directory.register(
        service,
        StandardWatchEventKinds.ENTRY_CREATE,
        StandardWatchEventKinds.ENTRY_MODIFY,
        StandardWatchEventKinds.ENTRY_DELETE);
  }

  /** A file as it looked, to find changes that nobody announced. */
  record Look(@Nullable Object key, long size, long modifiedNanos) {
    static final Look MISSING = new Look(null, 0, 0);
  }
}
