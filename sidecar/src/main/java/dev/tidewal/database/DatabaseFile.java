package dev.tidewal.database;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The one descriptor through which this process reads a database file.
 *
 * <p>POSIX drops all locks of a process on a file when it closes any descriptor of it
 * (sqlite.org/howtocorrupt.html section 2.2). So everyone in this process who reads a database file
 * shares one descriptor per inode, and it is closed only after the last one, SQLite's connections
 * included, is done: open this before a connection and close it after. Thread-safe.
 */
final class DatabaseFile implements Closeable {
  private static final Map<Object, Shared> OPEN = new HashMap<>();

  private final Shared shared;
  private boolean closed;

  private DatabaseFile(Shared shared) {
    this.shared = shared;
  }

  /** Opens a regular file for reading, or joins whoever has it open. */
  static DatabaseFile open(Path path) throws IOException {
    synchronized (OPEN) {
      while (true) {
        Object key = key(path);
        Shared known = OPEN.get(key);
        if (known == null) {
          known = new Shared(key, SteadyFile.open(path));
          // The path may have got another file between the look and the open; then nobody knows
          // which of them this descriptor belongs to, and it is never closed.
          if (!key.equals(key(path))) {
            OPEN.put(new Object(), known);
            continue;
          }
          OPEN.put(key, known);
        }
        known.users++;
        return new DatabaseFile(known);
      }
    }
  }

  /** Which file a path names now: device and inode. */
  static Object key(Path path) throws IOException {
    Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    if (key == null) {
      throw new IOException(path + ": the file system gives files no identity");
    }
    return key;
  }

  /** The same for the {@code -shm} file of a database; empty when there is none. */
  static Optional<Object> keyOfIndex(Path database) throws IOException {
    try {
      return Optional.of(key(database.resolveSibling(database.getFileName() + "-shm")));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Device and inode of this file. */
  Object key() {
    return shared.key;
  }

  long size() throws IOException {
    return shared.file.size();
  }

  /** Reads {@code length} bytes; what lies behind the end of the file is zero. */
  void read(long position, byte[] into, int offset, int length) throws IOException {
    int done = shared.file.read(position, into, offset, length);
    Arrays.fill(into, offset + done, offset + length, (byte) 0);
  }

  /** The first bytes of the file, fewer if it is shorter. */
  byte[] head(int length) throws IOException {
    byte[] bytes = new byte[length];
    int done = shared.file.read(0, bytes, 0, length);
    return done == length ? bytes : Arrays.copyOf(bytes, done);
  }

  /** Size in pages, as SQLite sees it when there is no WAL (lockBtree in btree.c). */
  long pages(int pageSize) throws IOException {
    long byHeader =
        DatabaseHeader.read(head(DatabaseHeader.SIZE)).map(DatabaseHeader::pages).orElse(0L);
    return byHeader > 0 ? byHeader : size() / pageSize;
  }

  /** Ends this use. Only after the connections of this user were closed. */
  @Override
  public void close() throws IOException {
    synchronized (OPEN) {
      if (closed) {
        return;
      }
      closed = true;
      shared.users--;
      if (shared.users == 0) {
        OPEN.remove(shared.key);
        shared.file.close();
      }
    }
  }

  private static final class Shared {
    private final Object key;
    private final SteadyFile file;
    private int users;

    private Shared(Object key, SteadyFile file) {
      this.key = key;
      this.file = file;
    }
  }
}
