package dev.tidewal.supervisor;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Tells when the files of databases change: one inotify watch for each directory, one thread for
 * all. Thread-safe.
 */
final class FileWatch implements Closeable {
  private static final Duration MISSING_DIRECTORY_POLL = Duration.ofSeconds(5);

  private final WatchService service;
  private final Map<Path, Set<Registration>> byDirectory = new ConcurrentHashMap<>();

  private FileWatch(WatchService service) {
    this.service = service;
  }

  static FileWatch start() throws IOException {
    FileWatch watch = new FileWatch(FileSystems.getDefault().newWatchService());
    Thread.ofPlatform().daemon().name("file-watch").start(watch::run);
    return watch;
  }

  /** A database's wish to be told; closing it ends that. */
  final class Registration implements Closeable {
    private final Path directory;
    private final String prefix;
    private final Runnable changed;

    private Registration(Path directory, String prefix, Runnable changed) {
      this.directory = directory;
      this.prefix = prefix;
      this.changed = changed;
    }

    private boolean concerns(Object name) {
      return name.toString().startsWith(prefix);
    }

    @Override
    public void close() {
      Set<Registration> others = byDirectory.get(directory);
      if (others != null) {
        others.remove(this);
      }
    }
  }

  /**
   * Calls {@code changed} whenever the database or its {@code -wal} is written, appears or goes.
   */
  Registration watch(Path database, Runnable changed) throws IOException {
    return register(
        new Registration(directory(database), String.valueOf(database.getFileName()), changed));
  }

  /** Calls {@code changed} whenever anything in the directory changes. */
  Registration watchDirectory(Path directory, Runnable changed) throws IOException {
    return register(new Registration(directory, "", changed));
  }

  private Registration register(Registration registration) throws IOException {
    byDirectory
        .computeIfAbsent(registration.directory, _ -> ConcurrentHashMap.newKeySet())
        .add(registration);
    registration.directory.register(
        service,
        StandardWatchEventKinds.ENTRY_CREATE,
        StandardWatchEventKinds.ENTRY_MODIFY,
        StandardWatchEventKinds.ENTRY_DELETE);
    return registration;
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
        Set<Registration> registrations =
            byDirectory.getOrDefault((Path) key.watchable(), Set.of());
        for (WatchEvent<?> event : key.pollEvents()) {
          boolean overflow = event.kind().equals(StandardWatchEventKinds.OVERFLOW);
          Object name = event.context();
          registrations.stream()
              .filter(registration -> overflow || registration.concerns(name))
              .forEach(registration -> registration.changed.run());
        }
        key.reset();
      }
    } catch (ClosedWatchServiceException e) {
      // closed: the process ends
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Path directory(Path database) {
    Path parent = database.toAbsolutePath().getParent();
    return parent == null ? database : parent;
  }
}
