package dev.tidewal.ltx;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;

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
  /** Size of a file without pages: header, end of pages, empty index with its length, trailer. */
  public static final long EMPTY_FILE_BYTES =
      LtxHeader.SIZE + PageFrame.HEADER_BYTES + 1L + Long.BYTES + LtxTrailer.SIZE;

  private static final int CHUNK_BYTES = 128 * 1024;

  private final OutputStream out;
  private final LtxHeader header;
  private final PageIndexWriter index;
  private final PageOrder order;
  private final ChunkEncoder pending;
  private long writtenBytes;
  private long crc = Crc64.EMPTY;

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
    this.order = new PageOrder(header);
    this.pending = new ChunkEncoder(header.pageSize(), CHUNK_BYTES);
    byte[] bytes = new byte[LtxHeader.SIZE];
    header.write(ByteBuffer.wrap(bytes));
    write(bytes);
  }

  /**
   * Appends a page and returns its {@link PageChecksum}, which costs no second pass over the page.
   *
   * @param pgno ascending, at most the header's commit, not the lock page
   * @param page holds {@code pageSize} bytes at {@code offset}
   */
  public long page(long pgno, byte[] page, int offset) throws IOException {
    startPage(pgno);
    return pending.page(pgno, page, offset);
  }

  /** Appends a page that is an LZ4 block already. */
  long block(long pgno, byte[] bytes, int offset, int length, long pageCrc) throws IOException {
    startPage(pgno);
    return pending.block(pgno, bytes, offset, length, pageCrc);
  }

  /**
   * Appends pages that were encoded elsewhere. The chunk can be cleared and used again after it.
   */
  public void append(ChunkEncoder chunk) throws IOException {
    if (chunk.pageSize() != header.pageSize()) {
      throw new IllegalArgumentException("page size " + chunk.pageSize() + " in " + header);
    }
    for (int i = 0; i < chunk.pages(); i++) {
      advance(chunk.pgno(i));
    }
    writePending();
    write(chunk);
  }

  /** Writes index and trailer and flushes. A snapshot must be complete by now. */
  public LtxSummary finish() throws IOException {
    String defect = order.endDefect();
    if (defect != null) {
      throw new IllegalStateException(defect);
    }
    writePending();
    write(new byte[PageFrame.HEADER_BYTES]);
    crc = index.finish(out, crc);
    writtenBytes += index.sizeBytes();
    byte[] trailer = new byte[LtxTrailer.SIZE];
    crc = Crc64.update(crc, trailer, 0, Long.BYTES);
    long fileChecksum = PageChecksum.FLAG | crc;
    BigEndian.putLong(trailer, Long.BYTES, fileChecksum);
    out.write(trailer);
    out.flush();
    long size = writtenBytes + LtxTrailer.SIZE;
    return new LtxSummary(header, size, order.pages(), fileChecksum, 0);
  }

  /** What the pages must keep, for who can't be sure of its input. */
  PageOrder order() {
    return order;
  }

  private void startPage(long pgno) throws IOException {
    advance(pgno);
    if (!pending.hasRoom()) {
      writePending();
    }
  }

  private void advance(long pgno) {
    String defect = order.defect(pgno);
    if (defect != null) {
      throw new IllegalArgumentException(defect);
    }
    order.advance(pgno);
  }

  private void writePending() throws IOException {
    write(pending);
    pending.clear();
  }

  private void write(ChunkEncoder chunk) throws IOException {
    long offset = writtenBytes;
    for (int i = 0; i < chunk.pages(); i++) {
      index.add(chunk.pgno(i), offset, chunk.length(i));
      offset += chunk.length(i);
    }
    out.write(chunk.bytes(), 0, chunk.sizeBytes());
    crc = chunk.continueCrc(crc);
    writtenBytes = offset;
  }

  private void write(byte[] bytes) throws IOException {
    out.write(bytes);
    crc = Crc64.update(crc, bytes, 0, bytes.length);
    writtenBytes += bytes.length;
  }

  /** Frees the spilled index; {@link #finish} or not. */
  @Override
  public void close() throws IOException {
    index.close();
  }
}
