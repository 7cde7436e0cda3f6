package dev.tidewal.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Notes when each L0 file of a replica appears and which WAL range it holds; inotify, so within a
 * millisecond.
 */
final class BatchWatcher implements AutoCloseable {
  private static final int HEADER_BYTES = 100;

  private final Path directory;
  private final WatchService service;
  private final Thread thread;
  private final List<Batch> batches = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();

  /**
   * An L0 file.
   *
   * @param nanos when it appeared
   * @param walEnd the byte after the last WAL frame in it
   */
  record Batch(long nanos, int salt, long walEnd, long sizeBytes) {}

  BatchWatcher(Path directory) throws IOException {
    this.directory = directory;
    service = directory.getFileSystem().newWatchService();
    thread = Thread.ofPlatform().daemon().name("batch-watcher").start(this::watch);
  }

  synchronized List<Batch> batches() {
    return List.copyOf(batches);
  }

  /** How long each commit took to become visible, in nanoseconds, as far as a batch holds it. */
  static List<Long> visibleNanos(List<Writer.Commit> commits, List<Batch> batches) {
    List<Long> result = new ArrayList<>();
    int next = 0;
    for (Batch batch : batches) {
      int covered = next;
      for (int i = next; i < commits.size() && commits.get(i).nanos() < batch.nanos(); i++) {
        if (commits.get(i).salt() == batch.salt() && commits.get(i).walEnd() <= batch.walEnd()) {
          covered = i + 1;
        }
      }
      for (; next < covered; next++) {
        result.add(batch.nanos() - commits.get(next).nanos());
      }
    }
    return result;
  }

  @Override
  public void close() throws IOException {
    service.close();
    thread.interrupt();
  }

  private void watch() {
    try {
      while (!Files.isDirectory(directory)) {
        Thread.sleep(1);
      }
      directory.register(service, StandardWatchEventKinds.ENTRY_CREATE);
      collect();
      while (true) {
        WatchKey key = service.take();
        key.pollEvents();
        collect();
        key.reset();
      }
    } catch (ClosedWatchServiceException | InterruptedException | NoSuchFileException e) {
      // closed, or the run was ended and its files removed: the measurement is over
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void collect() throws IOException {
    long now = System.nanoTime();
    List<Path> fresh = new ArrayList<>();
    try (var files = Files.newDirectoryStream(directory, "*.ltx")) {
      for (Path file : files) {
        if (seen.add(file.getFileName().toString())) {
          fresh.add(file);
        }
      }
    }
    fresh.sort(null);
    for (Path file : fresh) {
      try (InputStream in = Files.newInputStream(file)) {
        ByteBuffer header = ByteBuffer.wrap(in.readNBytes(HEADER_BYTES));
        Batch batch =
            new Batch(
                now, header.getInt(64), header.getLong(48) + header.getLong(56), Files.size(file));
        synchronized (this) {
          batches.add(batch);
        }
      } catch (NoSuchFileException e) {
        // retention was faster
      }
    }
  }
}
