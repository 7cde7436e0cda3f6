package dev.tidewal.state;

import dev.tidewal.ltx.PageChecksum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * New checksums of some pages: held in memory up to 1 MiB (87,381 pages), beyond that in a scratch
 * file.
 */
final class ChecksumDelta implements PageChecksums.Update {
  private static final int ENTRY = 4 + 8;
  private static final int FIRST_BYTES = 256 * ENTRY;
  static final int LAST_BYTES = (1 << 20) / ENTRY * ENTRY;
  private static final int WINDOW_ENTRIES = 512;

  private final PageChecksums checksums;
  private final Path scratch;
  private ByteBuffer buffer = ByteBuffer.allocate(FIRST_BYTES);
  private @Nullable StateFile spilled;
  private long spilledBytes;
  private long lastPgno;
  private long xor;
  private boolean ended;

  private final ByteBuffer window = ByteBuffer.allocate(WINDOW_ENTRIES * 8);
  private long windowFirst = -1;

  ChecksumDelta(PageChecksums checksums, Path scratch) {
    this.checksums = checksums;
    this.scratch = scratch;
  }

  @Override
  public void add(long pgno, long checksum) throws IOException {
    if (pgno <= lastPgno || pgno > 0xffffffffL) {
      throw new IllegalArgumentException("page " + pgno + " after page " + lastPgno);
    }
    makeRoom();
    buffer.putInt((int) pgno).putLong(checksum);
    xor ^= checksums.get(pgno) ^ checksum;
    lastPgno = pgno;
  }

  private void makeRoom() throws IOException {
    if (buffer.hasRemaining()) {
      return;
    }
    if (buffer.capacity() < LAST_BYTES) {
      int capacity = Math.min(buffer.capacity() * 4, LAST_BYTES);
      buffer = ByteBuffer.wrap(Arrays.copyOf(buffer.array(), capacity)).position(buffer.limit());
      return;
    }
    if (spilled == null) {
      spilled = StateFile.open(Files.createTempFile(scratch, "page-checksums", ".delta"));
    }
    spilled.write(buffer.flip(), spilledBytes);
    spilledBytes += buffer.limit();
    buffer.clear();
  }

  @Override
  public long rollingAfter(long commit) throws IOException {
    return PageChecksum.FLAG | (checksums.rolling() ^ xor ^ checksums.xorAbove(commit));
  }

  @Override
  public void apply(PageChecksums.At at) throws IOException {
    long rollingAfter = rollingAfter(at.commit());
    PageChecksums.check(at, rollingAfter, lastPgno);
    if (spilled != null) {
      ByteBuffer chunk = ByteBuffer.allocate(FIRST_BYTES);
      for (long offset = 0; offset < spilledBytes; offset += chunk.limit()) {
        chunk.clear().limit((int) Math.min(FIRST_BYTES, spilledBytes - offset));
        spilled.read(chunk, offset);
        change(chunk.flip());
      }
    }
    change(buffer.flip());
    storeWindow(at.commit());
    checksums.applied(at, rollingAfter);
    end();
  }

  private void change(ByteBuffer changed) throws IOException {
    while (changed.hasRemaining()) {
      long index = Integer.toUnsignedLong(changed.getInt()) - 1;
      long first = index - index % WINDOW_ENTRIES;
      if (first != windowFirst) {
        storeWindow(Long.MAX_VALUE);
        checksums.load(first, window);
        windowFirst = first;
      }
      window.putLong((int) (index - first) * 8, changed.getLong());
    }
  }

  /**
   * Entries beyond the commit are not written, and pages are ascending: no other window has any.
   */
  private void storeWindow(long commit) throws IOException {
    if (windowFirst >= 0) {
      int count = Math.clamp(commit - windowFirst, 0, WINDOW_ENTRIES);
      checksums.store(windowFirst, window.rewind().limit(count * 8));
    }
  }

  @Override
  public void discard() throws IOException {
    if (!ended) {
      checksums.discarded();
      end();
    }
  }

  private void end() throws IOException {
    ended = true;
    buffer = ByteBuffer.allocate(0);
    if (spilled != null) {
      spilled.close();
      Files.deleteIfExists(spilled.path());
      spilled = null;
    }
  }
}
