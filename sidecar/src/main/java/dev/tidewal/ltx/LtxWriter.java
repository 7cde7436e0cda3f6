package dev.tidewal.ltx;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Streams one LTX file: the header at construction, pages in ascending order, then index and
 * trailer.
 *
 * <p>Pages are LZ4 blocks (page flag 1, Litestream 0.5.16 and newer). The index is spilled to a
 * temporary file in the scratch directory when it outgrows its buffer. Breaking the order or the
 * completeness of a snapshot is a bug of the caller and an unchecked exception. Not thread-safe.
 * Does not close the output.
 */
public final class LtxWriter implements Closeable {
  private static final int BUFFER_BYTES = 128 * 1024;

  private final OutputStream out;
  private final LtxHeader header;
  private final PageIndexWriter index;
  private final Crc64.Shift pageShift;
  private final PageOrder order;
  private final byte[] buffer;
  private int filled;
  private long flushedBytes;
  private long crc;

  public LtxWriter(OutputStream out, LtxHeader header, Path scratch) throws IOException {
    if (header.tracksChecksums()) {
      throw new IllegalArgumentException("files with rolling checksums are only read: " + header);
    }
    if (header.commit() == 0) {
      throw new IllegalArgumentException("a deletion can't be written without checksums");
    }
    this.out = out;
    this.header = header;
    this.index = new PageIndexWriter(scratch);
    this.pageShift = Crc64.Shift.ofPage(header.pageSize());
    this.order = new PageOrder(header);
    this.buffer = new byte[Math.max(BUFFER_BYTES, PageFrame.maxBytes(header.pageSize()))];
    header.write(ByteBuffer.wrap(buffer));
    filled = LtxHeader.SIZE;
    crc = Crc64.update(Crc64.EMPTY, buffer, 0, filled);
  }

  /**
   * Appends a page and returns its {@link PageChecksum}, which costs no second pass over the page.
   *
   * @param pgno ascending, at most the header's commit, not the lock page
   * @param page holds {@code pageSize} bytes at {@code offset}
   */
  public long page(long pgno, byte[] page, int offset) throws IOException {
    Objects.checkFromIndexSize(offset, header.pageSize(), page.length);
    startPage(pgno);
    int payload = filled + PageFrame.BLOCK_HEADER_BYTES;
    int compressed = Lz4.compress(page, offset, header.pageSize(), buffer, payload);
    return endPage(pgno, compressed, Crc64.update(Crc64.EMPTY, page, offset, header.pageSize()));
  }

  /** Appends a page that is an LZ4 block already. */
  long block(long pgno, byte[] bytes, int offset, int length, long pageCrc) throws IOException {
    startPage(pgno);
    System.arraycopy(bytes, offset, buffer, filled + PageFrame.BLOCK_HEADER_BYTES, length);
    return endPage(pgno, length, pageCrc);
  }

  /** What the pages must keep, for who can't be sure of its input. */
  PageOrder order() {
    return order;
  }

  private void startPage(long pgno) throws IOException {
    String defect = order.defect(pgno);
    if (defect != null) {
      throw new IllegalArgumentException(defect);
    }
    if (buffer.length - filled < PageFrame.maxBytes(header.pageSize())) {
      flush();
    }
  }

  private long endPage(long pgno, int blockBytes, long pageCrc) throws IOException {
    PageFrame.writeBlockHeader(pgno, blockBytes, buffer, filled);
    crc = Crc64.update(crc, buffer, filled, PageFrame.BLOCK_HEADER_BYTES);
    crc = pageShift.combine(crc, pageCrc);
    int length = PageFrame.BLOCK_HEADER_BYTES + blockBytes;
    index.add(pgno, flushedBytes + filled, length);
    filled += length;
    order.advance(pgno);
    return PageChecksum.ofCrc(pgno, pageCrc, pageShift);
  }

  /** Writes index and trailer and flushes. A snapshot must be complete by now. */
  public LtxSummary finish() throws IOException {
    String defect = order.endDefect();
    if (defect != null) {
      throw new IllegalStateException(defect);
    }
    flush();
    append(new byte[PageFrame.HEADER_BYTES]);
    flush();
    crc = index.finish(out, crc);
    flushedBytes += index.sizeBytes();
    append(new byte[Long.BYTES]);
    long fileChecksum = PageChecksum.FLAG | crc;
    ByteBuffer.wrap(buffer).putLong(filled, fileChecksum);
    filled += Long.BYTES;
    flush();
    out.flush();
    return new LtxSummary(header, flushedBytes, order.pages(), fileChecksum, 0);
  }

  private void append(byte[] bytes) {
    System.arraycopy(bytes, 0, buffer, filled, bytes.length);
    crc = Crc64.update(crc, buffer, filled, bytes.length);
    filled += bytes.length;
  }

  private void flush() throws IOException {
    out.write(buffer, 0, filled);
    flushedBytes += filled;
    filled = 0;
  }

  /** Frees buffers and the spilled index; {@link #finish} or not. */
  @Override
  public void close() throws IOException {
    index.close();
  }
}
