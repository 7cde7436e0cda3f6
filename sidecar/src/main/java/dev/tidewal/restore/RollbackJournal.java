package dev.tidewal.restore;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A rollback journal as SQLite writes it: what pages held before they are overwritten.
 *
 * <p>While it exists and nobody holds RESERVED, any SQLite process that opens the database puts the
 * old pages back. So a crash in the middle of an apply never shows a mixture, even to readers that
 * are there while we are not. Source: sqlite.org/fileformat2.html, section 3.
 */
final class RollbackJournal implements Closeable {
  private static final long MAGIC = 0xd9d505f920a163d7L;
  private static final int SECTOR_BYTES = 4096;
  private static final int BUFFER_BYTES = 256 * 1024;

  private final Path path;
  private final FileChannel channel;
  private final ByteBuffer buffer;
  private final int pageSize;
  private final int nonce = ThreadLocalRandom.current().nextInt();
  private int records;

  private RollbackJournal(Path path, FileChannel channel, int pageSize) {
    this.path = path;
    this.channel = channel;
    this.pageSize = pageSize;
    this.buffer = ByteBuffer.allocate(BUFFER_BYTES);
  }

  /** Where SQLite looks for it. */
  static Path pathOf(Path database) {
    return database.resolveSibling(database.getFileName() + "-journal");
  }

  static RollbackJournal create(Path database, int pageSize) throws IOException {
    Path path = pathOf(database);
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    channel.position(SECTOR_BYTES);
    return new RollbackJournal(path, channel, pageSize);
  }

  /** Keeps a page as it is now. */
  void add(long pgno, byte[] page) throws IOException {
    if (buffer.remaining() < pageSize + 8) {
      drain();
    }
    buffer.putInt((int) pgno).put(page, 0, pageSize).putInt(checksum(page));
    records++;
  }

  private int checksum(byte[] page) {
    int sum = nonce;
    for (int at = pageSize - 200; at > 0; at -= 200) {
      sum += page[at] & 0xff;
    }
    return sum;
  }

  private void drain() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  /**
   * Makes the journal durable; from now on a crash rolls back.
   *
   * @param databasePages size of the database before the change
   */
  void arm(long databasePages) throws IOException {
    drain();
    channel.force(true);
    buffer.putLong(MAGIC).putInt(records).putInt(nonce).putInt((int) databasePages);
    buffer.putInt(SECTOR_BYTES).putInt(pageSize);
    channel.position(0);
    drain();
    channel.force(true);
    RestoreOutput.syncDirectory(path);
  }

  /** The change is complete: the journal goes, which is the commit. */
  void commit() throws IOException {
    Files.delete(path);
    RestoreOutput.syncDirectory(path);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
