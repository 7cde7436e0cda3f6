package dev.tidewal.ltx;

import dev.tidewal.core.TidewalException.Corrupt;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a page index, one after the other: {@code while (entries.next()) ...}.
 *
 * <p>Checks that they are in order, lie without gap between header and index, and that a snapshot
 * has them all. Not thread-safe.
 */
public final class LtxEntries implements Closeable {
  private final String name;
  private final long framesEnd;
  private final long postApplyChecksum;
  private final LtxInput in;
  private final IndexParser parser;
  private final PageOrder order;
  private long expectedOffset = LtxHeader.SIZE;

  /**
   * @param in stands at the six zero bytes before the index
   */
  LtxEntries(LtxIndex index, LtxInput in) throws IOException {
    this.name = index.name();
    this.framesEnd = index.framesEnd();
    this.postApplyChecksum = index.postApplyChecksum();
    this.in = in;
    this.order = new PageOrder(index.header());
    in.require(PageFrame.HEADER_BYTES, "the end of pages");
    for (int i = 0; i < PageFrame.HEADER_BYTES; i++) {
      check(in.bytes()[in.at() + i] == 0 ? null : "not zero", "end of pages");
    }
    long crc = Crc64.update(Crc64.EMPTY, in.bytes(), in.at(), PageFrame.HEADER_BYTES);
    in.advance(PageFrame.HEADER_BYTES);
    this.parser = new IndexParser(in, name, crc);
  }

  /** Moves to the next entry; false after the last one. */
  public boolean next() throws IOException {
    if (!parser.next()) {
      check(expectedOffset == framesEnd ? null : "frames without entry", "page index");
      check(order.endDefect(), "page index");
      return false;
    }
    check(order.defect(pgno()), "page index");
    order.advance(pgno());
    check(offset() == expectedOffset ? null : "offset of page " + pgno(), "page index");
    boolean fits =
        parser.length() > PageFrame.HEADER_BYTES && parser.length() <= framesEnd - offset();
    check(fits ? null : "length of page " + pgno(), "page index");
    expectedOffset += parser.length();
    return true;
  }

  public long pgno() {
    return parser.pgno();
  }

  /** Where in the file the page's frame starts. */
  public long offset() {
    return parser.offset();
  }

  /** Bytes of the frame. */
  public long length() {
    return parser.length();
  }

  /** After the last entry: CRC and length of all from the end of pages to PostApplyChecksum. */
  Tail finish() throws IOException {
    long crc = parser.finish();
    byte[] post = new byte[Long.BYTES];
    BigEndian.putLong(post, 0, postApplyChecksum);
    long length = in.position() - framesEnd + Long.BYTES;
    return new Tail(Crc64.update(crc, post, 0, Long.BYTES), length);
  }

  record Tail(long crc, long length) {}

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
