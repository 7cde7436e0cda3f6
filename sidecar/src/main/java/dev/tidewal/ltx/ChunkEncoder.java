package dev.tidewal.ltx;

import java.util.Arrays;
import java.util.Objects;

/**
 * Encodes some consecutive pages of a file, apart from the file, so that many threads can compress
 * for one {@link LtxWriter}: fill while {@link #hasRoom}, {@link LtxWriter#append} the chunks in
 * page order, {@link #clear} and fill again.
 *
 * <p>The buffer grows to its limit and is kept. Not thread-safe.
 */
public final class ChunkEncoder {
  private static final int START_BYTES = 8 * 1024;
  private static final int START_PAGES = 16;

  private final int pageSize;
  private final int maxBytes;
  private final Crc64.Shift pageShift;
  private byte[] bytes;
  private int filled;
  private long[] pgnos = new long[START_PAGES];
  private int[] lengths = new int[START_PAGES];
  private int pages;
  private long crc = Crc64.EMPTY;

  /**
   * Makes an empty chunk.
   *
   * @param pageSize of the file that it will be part of
   * @param maxBytes how large it may become, at least one page
   */
  public ChunkEncoder(int pageSize, int maxBytes) {
    this.pageSize = pageSize;
    this.maxBytes = Math.max(maxBytes, PageFrame.maxBytes(pageSize));
    this.pageShift = Crc64.Shift.ofPage(pageSize);
    this.bytes = new byte[Math.max(START_BYTES, PageFrame.maxBytes(pageSize))];
  }

  /** Makes an empty chunk with room for so many pages, however badly they compress. */
  public static ChunkEncoder forPages(int pageSize, int pages) {
    return new ChunkEncoder(pageSize, Math.multiplyExact(pages, PageFrame.maxBytes(pageSize)));
  }

  /** Whether another page is sure to fit. */
  public boolean hasRoom() {
    return maxBytes - filled >= PageFrame.maxBytes(pageSize);
  }

  /**
   * Encodes a page and returns its {@link PageChecksum}, which costs no second pass over it.
   *
   * @param page holds {@code pageSize} bytes at {@code offset}
   */
  public long page(long pgno, byte[] page, int offset) {
    Objects.checkFromIndexSize(offset, pageSize, page.length);
    makeRoom();
    int payload = filled + PageFrame.BLOCK_HEADER_BYTES;
    int compressed = Lz4.compress(page, offset, pageSize, bytes, payload);
    return endPage(pgno, compressed, Crc64.update(Crc64.EMPTY, page, offset, pageSize));
  }

  /** Takes a page that is an LZ4 block already. */
  long block(long pgno, byte[] block, int offset, int length, long pageCrc) {
    makeRoom();
    System.arraycopy(block, offset, bytes, filled + PageFrame.BLOCK_HEADER_BYTES, length);
    return endPage(pgno, length, pageCrc);
  }

  private void makeRoom() {
    if (!hasRoom()) {
      throw new IllegalStateException("chunk is full, at " + filled + " bytes");
    }
    if (bytes.length - filled < PageFrame.maxBytes(pageSize)) {
      int wanted = Math.max(2 * bytes.length, filled + PageFrame.maxBytes(pageSize));
      bytes = Arrays.copyOf(bytes, Math.min(wanted, maxBytes));
    }
    if (pages == pgnos.length) {
      pgnos = Arrays.copyOf(pgnos, 2 * pages);
      lengths = Arrays.copyOf(lengths, 2 * pages);
    }
  }

  private long endPage(long pgno, int blockBytes, long pageCrc) {
    PageFrame.writeBlockHeader(pgno, blockBytes, bytes, filled);
    crc = Crc64.update(crc, bytes, filled, PageFrame.BLOCK_HEADER_BYTES);
    crc = pageShift.combine(crc, pageCrc);
    pgnos[pages] = pgno;
    lengths[pages] = PageFrame.BLOCK_HEADER_BYTES + blockBytes;
    filled += lengths[pages];
    pages++;
    return PageChecksum.ofCrc(pgno, pageCrc, pageShift);
  }

  /** Forgets the pages, keeps the buffer. */
  public void clear() {
    filled = 0;
    pages = 0;
    crc = Crc64.EMPTY;
  }

  public int pages() {
    return pages;
  }

  /** How many bytes the chunk takes in the file. */
  public int sizeBytes() {
    return filled;
  }

  int pageSize() {
    return pageSize;
  }

  byte[] bytes() {
    return bytes;
  }

  long pgno(int index) {
    return pgnos[index];
  }

  int length(int index) {
    return lengths[index];
  }

  /** {@code before}, the CRC of the file up to this chunk, continued over it. */
  long continueCrc(long before) {
    long covered = (long) pages * (PageFrame.BLOCK_HEADER_BYTES + pageSize);
    return Crc64.combine(before, crc, covered);
  }
}
