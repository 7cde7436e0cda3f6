package dev.tidewal.database;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file that is open for reading until it is closed on purpose: an interrupt of the reading thread
 * would close a {@code FileChannel} for everybody. Thread-safe.
 */
final class SteadyFile implements Closeable {
  private final RandomAccessFile file;

  private SteadyFile(RandomAccessFile file) {
    this.file = file;
  }

  static SteadyFile open(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    return new SteadyFile(new RandomAccessFile(path.toFile(), "r"));
  }

  long size() throws IOException {
    return file.length();
  }

  /** Reads {@code length} bytes, fewer only at the end of the file; says how many. */
  synchronized int read(long position, byte[] into, int offset, int length) throws IOException {
    file.seek(position);
    int done = 0;
    while (done < length) {
      int read = file.read(into, offset + done, length - done);
      if (read < 0) {
        break;
      }
      done += read;
    }
    return done;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
