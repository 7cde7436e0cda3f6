package dev.tidewal.database;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The databases of one directory, for {@link Wake}: who is told, and how the files looked last. */
final class WatchedDirectory {
  private static final int QUICK_LOOKS = 100;

  /** No file has this name. */
  private static final String ALL = "";

  /** An event that comes at all comes within this time. */
  private static final Duration EVENT_PATIENCE = Duration.ofMillis(250);

  private final Path path;
  private final Wake.Intervals intervals;
  private final Map<String, Set<Registration>> byName = new ConcurrentHashMap<>();
  private volatile @Nullable WatchKey registered;
  private volatile boolean polled;
  private volatile boolean suspected;
  private int quickLooks;
  private long lastLookNanos = System.nanoTime();

  WatchedDirectory(Path path, Wake.Intervals intervals) {
    this.path = path;
    this.intervals = intervals;
  }

  Path path() {
    return path;
  }

  boolean isRegistered() {
    return registered != null;
  }

  /** Events come from now on, through this key. */
  void registered(WatchKey key) {
    registered = key;
  }

  /** The directory is gone, and with it its events. */
  void unregistered() {
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

  Wake.Watched add(Path database, Duration polled, Wake.Listener listener) {
    String name = String.valueOf(database.getFileName());
    Path wal = database.resolveSibling(name + "-wal");
    return add(new Registration(name, database, wal, polled, listener));
  }

  /** Told about every file; the directory's own time changes when one appears or goes. */
  Wake.Watched addAll(Duration polled, Wake.Listener listener) {
    return add(new Registration(ALL, path, path, polled, listener));
  }

  private Wake.Watched add(Registration registration) {
    byName.computeIfAbsent(registration.name, _ -> ConcurrentHashMap.newKeySet()).add(registration);
    return registration;
  }

  /** An event about a file; null: about any number of them. */
  void changed(@Nullable String file, Instant now) {
    polled = false;
    if (file == null) {
      byName.values().forEach(all -> all.forEach(one -> one.announced(now)));
      return;
    }
    byName.getOrDefault(ALL, Set.of()).forEach(one -> one.announced(now));
    for (String suffix : new String[] {"", "-wal", "-journal"}) {
      if (file.endsWith(suffix)) {
        String name = file.substring(0, file.length() - suffix.length());
        byName.getOrDefault(name, Set.of()).forEach(one -> one.announced(now));
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
    for (Set<Registration> all : byName.values()) {
      for (Registration one : all) {
        changed |= one.look(now);
        polled |= one.lacksEvents();
        suspect |= one.isSuspect();
      }
    }
    suspected = suspect;
    quickLooks = changed ? QUICK_LOOKS : Math.max(0, quickLooks - 1);
    lastLookNanos = System.nanoTime();
  }

  private Duration interval() {
    if (polled || registered == null) {
      Duration least = quickLooks > 0 ? intervals.quick() : Duration.ofDays(1);
      for (Set<Registration> all : byName.values()) {
        for (Registration one : all) {
          least = one.every.compareTo(least) < 0 ? one.every : least;
        }
      }
      return least;
    }
    return suspected ? EVENT_PATIENCE : intervals.idle();
  }

  private final class Registration implements Wake.Watched {
    private final Path database;
    private final Path wal;
    private final String name;
    private final Duration every;
    private final Wake.Listener listener;
    private Wake.Look databaseLook;
    private Wake.Look walLook;
    private volatile boolean announced;
    private boolean suspect;
    private boolean lacksEvents;

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

    private void announced(Instant now) {
      announced = true;
      listener.changed(now);
    }

    /**
     * Tells about a change that no event announced, and once more after it: what happens within the
     * resolution of a file's time shows in no look. Says whether there was one.
     */
    private boolean look(Instant now) {
      Wake.Look database = at(this.database);
      Wake.Look wal = at(this.wal);
      boolean changed = !database.equals(databaseLook) || !wal.equals(walLook);
      boolean told = announced;
      lacksEvents = suspect && !told;
      suspect = changed && !told;
      if (suspect || lacksEvents) {
        listener.changed(now);
      }
      announced = false;
      databaseLook = database;
      walLook = wal;
      return changed;
    }

    /** A change was seen that no event announced so far. */
    private boolean isSuspect() {
      return suspect;
    }

    /** And none did so later. */
    private boolean lacksEvents() {
      return lacksEvents;
    }

    @Override
    public boolean isPolled() {
      return polled || registered == null;
    }

    @Override
    public void close() {
      byName.computeIfPresent(
          name,
          (_, all) -> {
            all.remove(this);
            return all.isEmpty() ? null : all;
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
