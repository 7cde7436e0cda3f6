package dev.tidewal.database;

import dev.tidewal.core.TidewalException;
import dev.tidewal.wal.WalHeader;
import dev.tidewal.wal.WalScanner;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Read access to the {@code -wal} file. SQLite locks nothing on it, so it may be opened and closed
 * at will. Not thread-safe.
 */
final class WalFile implements Closeable {
  private final Path path;
  private @Nullable FileChannel channel;
  private @Nullable Object key;

  WalFile(Path database) {
    this.path = database.resolveSibling(database.getFileName() + "-wal");
  }

  /** The valid header, if there is a WAL with one. */
  Optional<WalHeader> header() throws IOException {
    FileChannel open = channelOrNull();
    return open == null ? Optional.empty() : WalScanner.readHeader(open);
  }

  /** A scanner over this file. */
  WalScanner scanner(WalHeader header) throws IOException {
    return new WalScanner(channel(), header);
  }

  long sizeBytes() throws IOException {
    FileChannel open = channelOrNull();
    return open == null ? 0 : open.size();
  }

  /** Reads {@code length} bytes, all of which must be there. */
  void read(long position, byte[] into, int offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(into, offset, length);
    try {
      FileChannel open = channel();
      while (buffer.hasRemaining()) {
        int read = open.read(buffer, position + buffer.position() - offset);
        if (read < 0) {
          throw new IOException(path + " ends at " + open.size() + " beneath a captured frame");
        }
      }
    } catch (ClosedByInterruptException e) {
      throw new TidewalException.Cancelled("interrupted while reading " + path, e);
    }
  }

  /** Whether the path names another file than the one that was opened here, or none any more. */
  boolean isReplaced() throws IOException {
    if (key == null) {
      return false;
    }
    try {
      return !key.equals(DatabaseFile.key(path));
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  private FileChannel channel() throws IOException {
    FileChannel open = channelOrNull();
    if (open == null) {
      throw new NoSuchFileException(path.toString());
    }
    return open;
  }

  /** Opens the file when it is there; an interrupt may have closed the channel meanwhile. */
  private @Nullable FileChannel channelOrNull() throws IOException {
    if (channel != null && channel.isOpen()) {
      return channel;
    }
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
      key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
      return channel;
    } catch (NoSuchFileException e) {
      channel = null;
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
