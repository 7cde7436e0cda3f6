package dev.tidewal.state;

import dev.tidewal.core.TidewalException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The locked file {@code lock}: one process per database. The kernel frees it when the process
 * ends, however it ends. It names the holder's pid.
 *
 * <p>Locks belong to the process, and closing any descriptor of the file frees them (POSIX): so a
 * second attempt inside this process is found out before the file is opened.
 */
final class StateLock implements Closeable {
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private StateLock(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  static StateLock take(Path path, Path database) throws IOException {
    if (!HELD.add(path)) {
      throw refused(database, "this process (pid " + ProcessHandle.current().pid() + ")");
    }
    boolean taken = false;
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw refused(database, holder(path));
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
      taken = true;
      return new StateLock(path, channel);
    } finally {
      if (!taken) {
        if (channel != null) {
          channel.close();
        }
        HELD.remove(path);
      }
    }
  }

  private static TidewalException.Refused refused(Path database, String holder) {
    return new TidewalException.Refused(
        database
            + " is already being replicated by "
            + holder
            + "; stop that one, or use another database");
  }

  private static String holder(Path path) throws IOException {
    String pid = Files.readString(path, StandardCharsets.US_ASCII).strip();
    return pid.isEmpty() ? "another process" : "another process (pid " + pid + ")";
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD.remove(path);
    }
  }
}
