package dev.tidewal.database;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The databases of one directory, for {@link Wake}: who is told, and how the files looked last.
 * Listeners are called without a lock.
 */
final class WatchedDirectory {
  private static final Logger LOG = System.getLogger(WatchedDirectory.class.getName());
  private static final int QUICK_LOOKS = 100;

  /** No file has this name. */
  private static final String ALL = "";

  /** An event that comes at all comes within this time. */
  private static final Duration EVENT_PATIENCE = Duration.ofMillis(250);

  private final Path path;
  private final Wake.Intervals intervals;
  private final Events events;
  private final Map<String, Set<Registration>> byName = new ConcurrentHashMap<>();
  private volatile @Nullable WatchKey registered;

  /** Nobody wants to know of the next change, so there are no events. */
  private volatile boolean paused;

  private volatile boolean polled;
  private volatile boolean suspected;
  private int quickLooks;
  private long lastLookNanos = System.nanoTime();

  WatchedDirectory(Path path, Wake.Intervals intervals, Events events) {
    this.path = path;
    this.intervals = intervals;
    this.events = events;
  }

  /** Where events come from. */
  interface Events {
    WatchKey of(Path directory) throws IOException;
  }

  Path path() {
    return path;
  }

  /** Has events come, unless nobody wants them; where there are none the look has to do. */
  synchronized void listen() {
    if (registered != null || paused) {
      return;
    }
    try {
      registered = events.of(path);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "no events for {0}: {1}", path, e.toString());
    } catch (ClosedWatchServiceException e) {
      return; // the process ends
    }
  }

  private synchronized void listenAgain() {
    paused = false;
    listen();
  }

  /**
   * Ends the events if nobody wants them: a database that is written all the time would wake this
   * process thousands of times a second.
   */
  synchronized boolean pause(WatchKey key) {
    if (all().anyMatch(one -> one.armed.get())) {
      return false;
    }
    all().forEach(Registration::announced);
    polled = false;
    key.cancel();
    registered = null;
    paused = true;
    return true;
  }

  /** The directory is gone, and with it its events. */
  synchronized void unregistered() {
    registered = null;
  }

  boolean isEmpty() {
    return byName.isEmpty();
  }

  /** Ends the events; nothing to keep. */
  @Nullable WatchedDirectory cancelled() {
    WatchKey key = registered;
    if (key != null) {
      key.cancel();
    }
    return null;
  }

  Wake.Watched add(Path database, Duration every, Wake.Listener listener) {
    String name = String.valueOf(database.getFileName());
    Path wal = database.resolveSibling(name + "-wal");
    return add(new Registration(name, database, wal, every, listener));
  }

  /** Told about every file; the directory's own time changes when one appears or goes. */
  Wake.Watched addAll(Duration every, Wake.Listener listener) {
    return add(new Registration(ALL, path, path, every, listener));
  }

  private Wake.Watched add(Registration registration) {
    byName.computeIfAbsent(registration.name, _ -> ConcurrentHashMap.newKeySet()).add(registration);
    listenAgain();
    return registration;
  }

  private Stream<Registration> all() {
    return byName.values().stream().flatMap(Set::stream);
  }

  /** An event about a file; null: about any number of them. */
  void changed(@Nullable String file, Instant now) {
    polled = false;
    if (file == null) {
      all().forEach(one -> one.told(now));
      return;
    }
    byName.getOrDefault(ALL, Set.of()).forEach(one -> one.told(now));
    for (String suffix : new String[] {"", "-wal", "-journal"}) {
      if (file.endsWith(suffix)) {
        String name = file.substring(0, file.length() - suffix.length());
        byName.getOrDefault(name, Set.of()).forEach(one -> one.told(now));
      }
    }
  }

  long nanosUntilLook() {
    return lastLookNanos + interval().toNanos() - System.nanoTime();
  }

  /** Compares the files with the last look, if it is time to. */
  void lookIfDue(Instant now) {
    if (byName.isEmpty() || nanosUntilLook() > 0) {
      return;
    }
    boolean changed = false;
    boolean suspect = false;
    for (Set<Registration> each : byName.values()) {
      for (Registration one : each) {
        changed |= one.look(now);
        polled |= one.lacksEvents;
        suspect |= one.suspect;
      }
    }
    suspected = suspect;
    quickLooks = changed ? QUICK_LOOKS : Math.max(0, quickLooks - 1);
    lastLookNanos = System.nanoTime();
  }

  private boolean isPolled() {
    return polled || (registered == null && !paused);
  }

  private Duration interval() {
    if (!isPolled()) {
      return suspected ? EVENT_PATIENCE : intervals.idle();
    }
    Duration least = quickLooks > 0 ? intervals.quick() : intervals.idle();
    for (Set<Registration> each : byName.values()) {
      for (Registration one : each) {
        least = one.every.compareTo(least) < 0 ? one.every : least;
      }
    }
    return least;
  }

  private final class Registration implements Wake.Watched {
    private final Path database;
    private final Path wal;
    private final String name;
    private final Duration every;
    private final Wake.Listener listener;
    private final AtomicBoolean armed = new AtomicBoolean(true);
    private Wake.Look databaseLook;
    private Wake.Look walLook;
    private boolean announced;

    /** A change was seen that no event announced so far. */
    private volatile boolean suspect;

    /** And none did so later. */
    private volatile boolean lacksEvents;

    private Registration(
        String name, Path database, Path wal, Duration every, Wake.Listener listener) {
      this.name = name;
      this.database = database;
      this.wal = wal;
      this.every = every;
      this.listener = listener;
      this.databaseLook = at(database);
      this.walLook = at(wal);
    }

    private synchronized void announced() {
      announced = true;
    }

    /** No event has reached who is to be told, so that a look has to. */
    private synchronized void unannounced() {
      announced = false;
    }

    private void told(Instant now) {
      announced();
      tell(now);
    }

    private void tell(Instant now) {
      if (armed.compareAndSet(true, false)) {
        boolean heard = false;
        try {
          listener.changed(now);
          heard = true;
        } finally {
          if (!heard) { // or it would never be told again
            unannounced();
            armed.set(true);
          }
        }
      }
    }

    @Override
    public void again() {
      synchronized (this) {
        databaseLook = at(database);
        walLook = at(wal);
        announced &= suspect;
        armed.set(true);
      }
      listenAgain();
    }

    /**
     * Tells about a change that no event announced, and once more after it: what happens within the
     * resolution of a file's time shows in no look. Says whether there was one.
     */
    private boolean look(Instant now) {
      boolean changed;
      synchronized (this) {
        Wake.Look databaseNow = at(database);
        Wake.Look walNow = at(wal);
        changed = !databaseNow.equals(databaseLook) || !walNow.equals(walLook);
        lacksEvents = suspect && !announced;
        suspect = changed && !announced && armed.get();
        announced = false;
        databaseLook = databaseNow;
        walLook = walNow;
      }
      if (suspect || lacksEvents) {
        tell(now);
      }
      return changed;
    }

    @Override
    public boolean isPolled() {
      return WatchedDirectory.this.isPolled();
    }

    @Override
    public void close() {
      byName.computeIfPresent(
          name,
          (_, each) -> {
            each.remove(this);
            return each.isEmpty() ? null : each;
          });
    }
  }

  private static Wake.Look at(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return new Wake.Look(found.fileKey(), found.size(), found.lastModifiedTime().to(NANOSECONDS));
    } catch (IOException e) {
      return Wake.Look.MISSING;
    }
  }
}
