package dev.tidewal.replica;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The temporary files of a file store, in one directory beside the levels.
 *
 * <p>A file whose writer lives is locked by it, so what can be locked was left by a crash and is
 * deleted at the first write of the next process. Files of this process carry its random prefix and
 * are left alone (POSIX locks don't tell its own threads apart). Where locks fail, a day of silence
 * counts.
 */
final class TemporaryFiles {
  private static final Duration SILENCE = Duration.ofDays(1);
  private static final String PROCESS =
      HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  private static final AtomicLong COUNTER = new AtomicLong();

  private final Path directory;
  private final AtomicBoolean cleaned = new AtomicBoolean();

  TemporaryFiles(Path directory) {
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }

  /** A new locked file for the bytes of {@code target}. */
  Temporary create(Path target) {
    if (!cleaned.getAndSet(true)) {
      deleteStale();
    }
    return FileFailures.mapped("write", target, () -> createLocked(target));
  }

  private Temporary createLocked(Path target) throws IOException {
    while (true) {
      Path path = directory.resolve(PROCESS + "-" + COUNTER.incrementAndGet());
      FileChannel channel;
      try {
        channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      } catch (NoSuchFileException noDirectoryYet) {
        Files.createDirectories(directory);
        continue;
      }
      boolean lockable = tryLock(channel);
      // A cleaner of another process may have been between our open and our lock.
      if (lockable && Files.exists(path)) {
        return new Temporary(path, target, channel);
      }
      channel.close();
      Files.deleteIfExists(path);
    }
  }

  /** True with the lock, and where the file system has no locks. */
  private static boolean tryLock(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (IOException noLocksHere) {
      return true;
    }
  }

  /** Deletes what crashed writers left; errors wait for the next time. */
  void deleteStale() {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
      for (Path child : children) {
        if (!child.getFileName().toString().startsWith(PROCESS)) {
          deleteIfStale(child);
        }
      }
    } catch (IOException notNow) {
      cleaned.set(false);
    }
  }

  private static void deleteIfStale(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      boolean stale;
      try {
        FileLock lock = channel.tryLock();
        stale = lock != null;
      } catch (IOException noLocksHere) {
        FileTime changed = (FileTime) Files.getAttribute(path, "unix:ctime");
        stale = changed.toInstant().isBefore(Instant.now().minus(SILENCE));
      }
      if (stale) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException goneAlready) {
      // Its writer has finished.
    }
  }

  /** One file being written. Closing deletes it; what was linked or renamed stays. */
  static final class Temporary implements AutoCloseable {
    private final Path path;
    private final Path target;
    private final FileChannel channel;

    private Temporary(Path path, Path target, FileChannel channel) {
      this.path = path;
      this.target = target;
      this.channel = channel;
    }

    Path path() {
      return path;
    }

    /**
     * Writes the content.
     *
     * @throws UncheckedIOException when the content itself can't be read
     */
    void fill(ReplicaClient.Content content) {
      try (OutputStream out = new BufferedOutputStream(new ChannelOutput(), 64 * 1024)) {
        content.writeTo(out);
      } catch (IOException source) {
        throw new UncheckedIOException(source);
      }
    }

    void sync() throws IOException {
      channel.force(true);
    }

    @Override
    public void close() {
      try (channel) {
        Files.deleteIfExists(path);
      } catch (IOException left) {
        throw FileFailures.of("delete", path, left);
      }
    }

    /** Maps the store's errors, so that any IOException that arrives is the content's own. */
    private final class ChannelOutput extends OutputStream {
      @Override
      public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
        while (rest.hasRemaining()) {
          FileFailures.mapped("write", target, () -> channel.write(rest));
        }
      }
    }
  }
}
