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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tells when the files of databases change: one inotify watch for each directory, one thread for
 * all. Thread-safe.
 */
final class FileWatch implements Closeable {
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

    private Registration(Path database, Runnable changed) {
      this.directory = directory(database);
      this.prefix = String.valueOf(database.getFileName());
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
    Registration registration = new Registration(database, changed);
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

  /** Waits until the database's files change, {@code stop} is counted down, or the time is over. */
  void awaitChange(Path database, Duration atMost, CountDownLatch stop)
      throws IOException, InterruptedException {
    if (!Files.isDirectory(directory(database))) {
      boolean ignored = stop.await(1, TimeUnit.SECONDS);
      return;
    }
    CountDownLatch changed = new CountDownLatch(1);
    try (Registration registration = watch(database, changed::countDown)) {
      long deadline = System.nanoTime() + atMost.toNanos();
      while (stop.getCount() > 0 && System.nanoTime() < deadline) {
        if (changed.await(200, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
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
          boolean overflow = event.kind() == StandardWatchEventKinds.OVERFLOW;
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
