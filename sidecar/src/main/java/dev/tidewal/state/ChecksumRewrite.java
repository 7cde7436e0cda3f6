package dev.tidewal.state;

import dev.tidewal.ltx.PageChecksum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checksums of all pages, written to a new file that takes the old one's place. */
final class ChecksumRewrite implements PageChecksums.Update {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final PageChecksums checksums;
  private final StateFile file;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private long bufferFirst;
  private long lastPgno;
  private long xor;
  private boolean ended;

  ChecksumRewrite(PageChecksums checksums, Path path) throws IOException {
    this.checksums = checksums;
    Files.deleteIfExists(path);
    this.file = StateFile.open(path);
  }

  @Override
  public void add(long pgno, long checksum) throws IOException {
    if (pgno <= lastPgno) {
      throw new IllegalArgumentException("page " + pgno + " after page " + lastPgno);
    }
    while (++lastPgno < pgno) {
      put(0);
    }
    put(checksum);
    xor ^= checksum;
  }

  private void put(long entry) throws IOException {
    if (!buffer.hasRemaining()) {
      flush();
    }
    buffer.putLong(entry);
  }

  private void flush() throws IOException {
    int count = buffer.position() / 8;
    file.write(buffer.flip(), PageChecksums.ENTRIES + bufferFirst * 8);
    buffer.clear();
    bufferFirst += count;
  }

  @Override
  public long rollingAfter(long commit) {
    return PageChecksum.FLAG | xor;
  }

  @Override
  public void apply(PageChecksums.At at) throws IOException {
    PageChecksums.check(at, rollingAfter(at.commit()), lastPgno);
    flush();
    file.sync();
    ChecksumHeader header = ChecksumHeader.NONE.advance(file, at);
    file.moveTo(checksums.path());
    ended = true;
    checksums.replaced(file, header, rollingAfter(at.commit()));
  }

  @Override
  public void discard() throws IOException {
    if (!ended) {
      ended = true;
      checksums.discarded();
      file.close();
      Files.deleteIfExists(file.path());
    }
  }
}
