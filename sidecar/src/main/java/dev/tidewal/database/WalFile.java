package dev.tidewal.database;

import dev.tidewal.core.TidewalException;
import dev.tidewal.wal.FrameConsumer;
import dev.tidewal.wal.WalHeader;
import dev.tidewal.wal.WalPoint;
import dev.tidewal.wal.WalScan;
import dev.tidewal.wal.WalScanner;
import java.io.Closeable;
import java.io.IOException;
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
 * at will. Scans are for one thread; {@link #read} is for any.
 */
final class WalFile implements Closeable {
  private final Path path;
  private @Nullable FileChannel channel;
  private @Nullable SteadyFile pages;
  private @Nullable Object key;
  private @Nullable WalScanner scanner;
  private @Nullable WalHeader scanned;

  WalFile(Path database) {
    this.path = database.resolveSibling(database.getFileName() + "-wal");
  }

  /** The valid header, if there is a WAL with one. */
  Optional<WalHeader> header() throws IOException {
    FileChannel open = channelOrNull();
    try {
      return open == null ? Optional.empty() : WalScanner.readHeader(open);
    } catch (ClosedByInterruptException e) {
      throw cancelled(e);
    }
  }

  /** Reports frames, see {@link WalScanner#scan}. */
  WalScan scan(WalHeader header, WalPoint from, long budgetBytes, FrameConsumer consumer)
      throws IOException {
    try {
      return scanner(header).scan(from, budgetBytes, consumer);
    } catch (ClosedByInterruptException e) {
      throw cancelled(e);
    }
  }

  /** Whether salts and checksum before {@code point} are those of the point. */
  boolean holds(WalHeader header, WalPoint point) throws IOException {
    try {
      return scanner(header).holds(point);
    } catch (ClosedByInterruptException e) {
      throw cancelled(e);
    }
  }

  private WalScanner scanner(WalHeader header) throws IOException {
    FileChannel open = channel();
    WalScanner known = scanner;
    if (known == null || !header.equals(scanned)) {
      known = new WalScanner(open, header);
      scanner = known;
      scanned = header;
    }
    return known;
  }

  long sizeBytes() throws IOException {
    FileChannel open = channelOrNull();
    return open == null ? 0 : open.size();
  }

  /** Reads {@code length} bytes, all of which must be there. From any thread. */
  void read(long position, byte[] into, int offset, int length) throws IOException {
    SteadyFile file = pages();
    if (file.read(position, into, offset, length) < length) {
      throw new IOException(path + " ends at " + file.size() + " beneath a captured frame");
    }
  }

  private synchronized SteadyFile pages() throws IOException {
    SteadyFile file = pages;
    if (file == null) {
      file = SteadyFile.open(path);
      pages = file;
    }
    return file;
  }

  private TidewalException.Cancelled cancelled(ClosedByInterruptException e) {
    return new TidewalException.Cancelled("interrupted while reading " + path, e);
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
      scanner = null;
      Object opened = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
      key = key == null ? opened : key;
      return channel;
    } catch (NoSuchFileException e) {
      channel = null;
      return null;
    }
  }

  /** Frees buffer and descriptor; the next use opens the file again. */
  void rest() throws IOException {
    scanner = null;
    scanned = null;
    close();
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
    closePages();
  }

  private synchronized void closePages() throws IOException {
    if (pages != null) {
      pages.close();
      pages = null;
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
