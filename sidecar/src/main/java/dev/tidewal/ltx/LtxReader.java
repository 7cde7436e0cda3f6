package dev.tidewal.ltx;

import dev.tidewal.core.TidewalException.Corrupt;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads an LTX file as a stream, either page encoding, and verifies everything that the format can
 * verify.
 *
 * <p>Use: {@code while (reader.next()) use(reader.pgno(), reader.page());} then {@link #finish}.
 * Nothing that was read counts as good before {@code finish} returned. Every defect is {@link
 * Corrupt} and names the object and the field. Buffers are bounded by the page size. Not
 * thread-safe. Closes its input.
 */
public final class LtxReader implements Closeable {
  private final LtxInput in;
  private final String name;
  private final LtxHeader header;
  private final byte[] page;
  private final FrameDecoder decoder;
  private final PageOrder order;
  private final IndexDigest frames = new IndexDigest();
  private long crc;
  private long rolling = PageChecksum.FLAG;
  private boolean pagesEnded;
  private int frameAt;
  private int frameBytes;

  /**
   * Reads the header.
   *
   * @param name what errors call the file, for example its key
   */
  public LtxReader(InputStream input, String name) throws IOException {
    this.in = new LtxInput(input, name, 0);
    this.name = name;
    in.require(LtxHeader.SIZE, "the header");
    this.header = LtxHeader.read(ByteBuffer.wrap(in.bytes(), 0, LtxHeader.SIZE), name);
    this.crc = Crc64.update(Crc64.EMPTY, in.bytes(), in.at(), LtxHeader.SIZE);
    in.advance(LtxHeader.SIZE);
    this.page = new byte[header.pageSize()];
    this.decoder = new FrameDecoder(header.pageSize(), name);
    this.order = new PageOrder(header);
  }

  /** What errors call the file. */
  public String name() {
    return name;
  }

  public LtxHeader header() {
    return header;
  }

  /** Moves to the next page; false after the last one. */
  public boolean next() throws IOException {
    if (pagesEnded) {
      return false;
    }
    in.require(PageFrame.HEADER_BYTES, "a page frame");
    if (BigEndian.unsignedInt(in.bytes(), in.at()) == 0) {
      endPages();
      return false;
    }
    int length = decodeFrame();
    check(order.defect(decoder.pgno()), "page number");
    order.advance(decoder.pgno());
    frames.add(decoder.pgno(), in.position(), length);
    crc = decoder.updateCrc(crc, in.bytes(), in.at());
    rolling = PageChecksum.toggle(rolling, decoder.pageChecksum());
    frameAt = in.at();
    frameBytes = length;
    in.advance(length);
    return true;
  }

  /** Number of the current page. */
  public long pgno() {
    return decoder.pgno();
  }

  /** The current page, {@code pageSize} bytes from index 0; overwritten by {@link #next}. */
  public byte[] page() {
    return page;
  }

  /** {@link PageChecksum} of the current page, without a second pass over it. */
  public long pageChecksum() {
    return decoder.pageChecksum();
  }

  /**
   * The {@link PageChecksum}s of all pages so far; of a snapshot it is the database's in the end.
   */
  public long rollingChecksum() {
    return rolling;
  }

  /** Appends the current page to {@code writer}, an LZ4 block as it is; returns its checksum. */
  long copyPage(LtxWriter writer) throws IOException {
    int block = frameBytes - PageFrame.BLOCK_HEADER_BYTES;
    int at = frameAt + PageFrame.BLOCK_HEADER_BYTES;
    return in.bytes()[frameAt + 5] == PageFrame.BLOCK
        ? writer.block(pgno(), in.bytes(), at, block, decoder.pageCrc())
        : writer.page(pgno(), page, 0);
  }

  /**
   * Reads what is left of the pages, then index and trailer, and verifies order, index,
   * FileChecksum and (where tracked) rolling checksum.
   */
  public LtxSummary finish() throws IOException {
    while (next()) {
      // Every page is part of the FileChecksum.
    }
    readIndex();
    in.require(2 * Long.BYTES, "the trailer");
    long post = BigEndian.getLong(in.bytes(), in.at());
    long fileChecksum = BigEndian.getLong(in.bytes(), in.at() + Long.BYTES);
    crc = Crc64.update(crc, in.bytes(), in.at(), Long.BYTES);
    in.advance(2 * Long.BYTES);
    check(in.atEnd() ? null : "bytes follow the trailer", "file length");
    check(LtxTrailer.fileDefect(fileChecksum, crc), "FileChecksum");
    check(LtxTrailer.postDefect(header, post, rolling), "PostApplyChecksum");
    return new LtxSummary(header, in.position(), order.pages(), fileChecksum, post);
  }

  /** Most frames fit the first window; a frame of many small LZ4 blocks may need a larger one. */
  private int decodeFrame() throws IOException {
    int max = PageFrame.maxFrameBytes(header.pageSize());
    int window = Math.min(max, PageFrame.maxBytes(header.pageSize()));
    while (true) {
      int available = in.fill(window);
      int length = decoder.decode(in.bytes(), in.at(), available, in.position(), page, 0);
      if (length > 0) {
        return length;
      }
      if (available < window) {
        throw new Corrupt(
            name
                + ": truncated in the frame of page "
                + decoder.pgno()
                + ", at byte "
                + (in.position() + available));
      }
      if (window == max) {
        throw decoder.corrupt(in.position(), "LZ4 frame does not end");
      }
      window = Math.min(max, 2 * window);
    }
  }

  private void endPages() {
    for (int i = 0; i < PageFrame.HEADER_BYTES; i++) {
      check(in.bytes()[in.at() + i] == 0 ? null : "page 0 with flags", "end of pages");
    }
    crc = Crc64.update(crc, in.bytes(), in.at(), PageFrame.HEADER_BYTES);
    in.advance(PageFrame.HEADER_BYTES);
    check(order.endDefect(), "page frames");
    pagesEnded = true;
  }

  private void readIndex() throws IOException {
    IndexDigest index = new IndexDigest();
    IndexParser parser = new IndexParser(in, name, crc);
    while (parser.next()) {
      check(index.count() < order.pages() ? null : "more entries than frames", "page index");
      index.add(parser.pgno(), parser.offset(), parser.length());
    }
    check(index.sameAs(frames) ? null : "entries differ from the frames", "page index");
    crc = parser.finish();
  }

  private void check(@Nullable String defect, String field) {
    if (defect != null) {
      throw new Corrupt(name + ": " + field + " is invalid: " + defect);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
