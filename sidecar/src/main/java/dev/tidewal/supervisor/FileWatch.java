package dev.tidewal.supervisor;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells when the files of databases change: one inotify watch for each directory, one thread for
 * all.
 *
 * <p>A registration is told of one change, and of the next one only after it has asked again: a
 * database that is written all the time would wake this process thousands of times a second. A
 * directory of which nobody wants to know is not watched meanwhile. Thread-safe.
 */
final class FileWatch implements Closeable {
  private static final Duration MISSING_DIRECTORY_POLL = Duration.ofSeconds(5);

  private final WatchService service;
  private final Map<Path, Watched> byDirectory = new HashMap<>();

  private FileWatch(WatchService service) {
    this.service = service;
  }

  static FileWatch start() throws IOException {
    FileWatch watch = new FileWatch(FileSystems.getDefault().newWatchService());
    Thread.ofPlatform().daemon().name("file-watch").start(watch::run);
    return watch;
  }

  /** A directory, and who wants to know of it. */
  private static final class Watched {
    private final Set<Registration> registrations = new HashSet<>();
    private @Nullable WatchKey key;

    private boolean isWanted() {
      return registrations.stream().anyMatch(registration -> registration.armed);
    }
  }

  /** A database's wish to be told; closing it ends that. */
  final class Registration implements Closeable {
    private final Path directory;
    private final String prefix;
    private final Runnable changed;
    private boolean armed = true;

    private Registration(Path directory, String prefix, Runnable changed) {
      this.directory = directory;
      this.prefix = prefix;
      this.changed = changed;
    }

    /** Asks to be told of the next change. What changed before has to be looked for after this. */
    void arm() throws IOException {
      FileWatch.this.arm(this);
    }

    private boolean concerns(@Nullable Object name) {
      return name == null || name.toString().startsWith(prefix);
    }

    @Override
    public void close() {
      forget(this);
    }
  }

  /**
   * Calls {@code changed} when the database or its {@code -wal} is written, appears or goes, once
   * for each {@link Registration#arm}.
   */
  Registration watch(Path database, Runnable changed) throws IOException {
    return register(
        new Registration(directory(database), String.valueOf(database.getFileName()), changed));
  }

  /** Calls {@code changed} when anything in the directory changes, likewise. */
  Registration watchDirectory(Path directory, Runnable changed) throws IOException {
    return register(new Registration(directory, "", changed));
  }

  private synchronized Registration register(Registration registration) throws IOException {
    byDirectory
        .computeIfAbsent(registration.directory, _ -> new Watched())
        .registrations
        .add(registration);
    arm(registration);
    return registration;
  }

  private synchronized void arm(Registration registration) throws IOException {
    registration.armed = true;
    Watched watched = byDirectory.get(registration.directory);
    if (watched == null || watched.key != null) {
      return;
    }
    try {
      watched.key =
          registration.directory.register(
              service,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE);
    } catch (NoSuchFileException e) {
      // The directory is gone, and its databases with it: whoever asks looks at them next.
    }
  }

  private synchronized void forget(Registration registration) {
    Watched watched = byDirectory.get(registration.directory);
    if (watched != null) {
      watched.registrations.remove(registration);
    }
  }

  /**
   * Waits until the database's files change, somebody releases {@code nudge}, or the time is over.
   */
  void awaitChange(Path database, Duration atMost, Semaphore nudge)
      throws IOException, InterruptedException {
    Path directory = directory(database);
    boolean there = Files.isDirectory(directory);
    try (Registration _ = there ? watch(database, nudge::release) : null) {
      if (Files.exists(database) && Files.size(database) > 0) {
        return; // it appeared before we watched
      }
      Duration wait = there ? atMost : MISSING_DIRECTORY_POLL;
      boolean ignored = nudge.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
      nudge.drainPermits();
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }

  private void run() {
    try {
      while (true) {
        WatchKey key = service.take();
        takeConcerned(key).forEach(registration -> registration.changed.run());
      }
    } catch (ClosedWatchServiceException e) {
      // closed: the process ends
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Who has to be told, each once; events that nobody wants end the watch until somebody does. */
  private synchronized List<Registration> takeConcerned(WatchKey key) {
    List<WatchEvent<?>> events = key.pollEvents();
    Watched watched = byDirectory.get((Path) key.watchable());
    if (watched == null || !watched.isWanted()) {
      key.cancel();
      if (watched != null) {
        watched.key = null;
      }
      return List.of();
    }
    List<Registration> concerned = new ArrayList<>();
    for (Registration registration : watched.registrations) {
      // The context of an overflow is null.
      if (registration.armed && events.stream().anyMatch(e -> registration.concerns(e.context()))) {
        registration.armed = false;
        concerned.add(registration);
      }
    }
    if (!key.reset()) {
      watched.key = null; // the directory is gone
    }
    return concerned;
  }

  private static Path directory(Path database) {
    Path parent = database.toAbsolutePath().getParent();
    return parent == null ? database : parent;
  }
}
