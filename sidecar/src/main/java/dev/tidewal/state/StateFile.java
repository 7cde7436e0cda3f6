package dev.tidewal.state;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A local file that is read and written at offsets, and that survives the interrupt of a thread.
 *
 * <p>A {@link FileChannel} closes itself when a thread that uses it is interrupted. A state write
 * that happens at that moment still has to reach the disk: the file is opened again, the operation
 * repeated, and the interrupt flag set again for the caller. Not thread-safe.
 */
final class StateFile implements Closeable {
  private Path path;
  private FileChannel channel;

  private StateFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Opens the file for reading and writing; creates it when it is missing. */
  static StateFile open(Path path) throws IOException {
    return new StateFile(path, openChannel(path));
  }

  private static FileChannel openChannel(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
  }

  Path path() {
    return path;
  }

  long size() throws IOException {
    return repeatWhenInterrupted(channel -> channel.size());
  }

  /** Fills the buffer from {@code offset} on; stops at the end of the file. */
  void read(ByteBuffer into, long offset) throws IOException {
    int start = into.position();
    repeatWhenInterrupted(channel -> {
      into.position(start);
      while (into.hasRemaining()) {
        if (channel.read(into, offset + into.position() - start) < 0) {
          break;
        }
      }
      return 0L;
    });
  }

  void write(ByteBuffer from, long offset) throws IOException {
    int start = from.position();
    repeatWhenInterrupted(channel -> {
      from.position(start);
      while (from.hasRemaining()) {
        channel.write(from, offset + from.position() - start);
      }
      return 0L;
    });
  }

  void truncate(long size) throws IOException {
    repeatWhenInterrupted(channel -> {
      channel.truncate(size);
      return 0L;
    });
  }

  /** {@code fdatasync}. */
  void sync() throws IOException {
    repeatWhenInterrupted(channel -> {
      channel.force(false);
      return 0L;
    });
  }

  /** Takes the place of another file, for good: the directory is synced. */
  void moveTo(Path target) throws IOException {
    Files.move(path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    path = target;
    SmallFile.syncNameOf(target);
  }

  private long repeatWhenInterrupted(Operation operation) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return operation.on(channel);
        } catch (ClosedByInterruptException e) {
          interrupted = true;
          Thread.interrupted();
          channel = openChannel(path);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  @FunctionalInterface
  private interface Operation {
    long on(FileChannel channel) throws IOException;
  }
}
