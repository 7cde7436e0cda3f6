package dev.tidewal.ltx;

import dev.tidewal.core.TidewalException.Corrupt;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Random access to the pages of an LTX file: its header, its trailer and its page index, read from
 * the tail of the file with one or two ranged reads.
 *
 * <p>The entries are streamed, not held, however large the database is. An index alone proves
 * nothing about the pages: read them through {@link #chunks} and {@link LtxVerifier}, or compare a
 * rolling checksum. Immutable; safe for concurrent use if the source is.
 */
public final class LtxIndex {
  private static final int TAIL_BYTES = 64 * 1024;

  /** Behind the entries: the length of the index, then the trailer. */
  private static final int END_BYTES = Long.BYTES + LtxTrailer.SIZE;

  /** Header, end of pages, an index of one zero byte, and what follows. */
  private static final int MIN_BYTES = LtxHeader.SIZE + PageFrame.HEADER_BYTES + 1 + END_BYTES;

  private final RangeSource source;
  private final String name;
  private final long sizeBytes;
  private final byte[] tail;
  private final LtxHeader header;
  private final long headerCrc;
  private final long framesEnd;

  private LtxIndex(RangeSource source, long sizeBytes, String name, byte[] tail, byte[] head) {
    this.source = source;
    this.sizeBytes = sizeBytes;
    this.name = name;
    this.tail = tail;
    this.header = LtxHeader.read(ByteBuffer.wrap(head), name);
    this.headerCrc = Crc64.update(Crc64.EMPTY, head, 0, LtxHeader.SIZE);
    long length = BigEndian.getLong(tail, tail.length - END_BYTES);
    long room = sizeBytes - MIN_BYTES + 1;
    if (length < 1 || length > room) {
      throw new Corrupt(
          name
              + ": page index length is invalid: "
              + Long.toUnsignedString(length)
              + ", at most "
              + room
              + " can be");
    }
    this.framesEnd = sizeBytes - END_BYTES - length - PageFrame.HEADER_BYTES;
  }

  /**
   * Reads header, trailer and the place of the index.
   *
   * @param sizeBytes length of the file
   * @param name what errors call the file, for example its key
   */
  public static LtxIndex open(RangeSource source, long sizeBytes, String name) throws IOException {
    if (sizeBytes < MIN_BYTES) {
      throw new Corrupt(name + ": truncated, has " + sizeBytes + " bytes");
    }
    int tailBytes = (int) Math.min(sizeBytes, TAIL_BYTES);
    byte[] tail = read(source, sizeBytes - tailBytes, tailBytes, name);
    byte[] head =
        tailBytes == sizeBytes
            ? Arrays.copyOf(tail, LtxHeader.SIZE)
            : read(source, 0, LtxHeader.SIZE, name);
    return new LtxIndex(source, sizeBytes, name, tail, head);
  }

  private static byte[] read(RangeSource source, long offset, int length, String name)
      throws IOException {
    try (InputStream in = source.open(offset, length)) {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new Corrupt(name + ": truncated, at byte " + (offset + bytes.length));
      }
      return bytes;
    }
  }

  public LtxHeader header() {
    return header;
  }

  /** Length of the file. */
  public long sizeBytes() {
    return sizeBytes;
  }

  /** What errors call the file. */
  public String name() {
    return name;
  }

  /** The entries from the first one on. To be closed. */
  public LtxEntries entries() throws IOException {
    return new LtxEntries(this, new LtxInput(openTail(), name, framesEnd));
  }

  /**
   * Divides the pages into chunks of at most {@code maxBytes} (or one page that is larger), to be
   * read in any order, and checks the whole index on the way.
   */
  public LtxVerifier chunks(int maxBytes) throws IOException {
    return chunks(maxBytes, pgno -> {});
  }

  /** The same; {@code pages} is told each page number, in order. */
  public LtxVerifier chunks(int maxBytes, LongConsumer pages) throws IOException {
    try (LtxEntries entries = entries()) {
      LtxVerifier.Builder chunks = new LtxVerifier.Builder(this, maxBytes);
      while (entries.next()) {
        chunks.add(entries.pgno(), entries.offset(), entries.length());
        pages.accept(entries.pgno());
      }
      return chunks.build(entries.finish());
    }
  }

  /** From the six zero bytes behind the last frame to the end of the file. */
  private InputStream openTail() throws IOException {
    long length = sizeBytes - framesEnd;
    return length <= tail.length
        ? new ByteArrayInputStream(tail, tail.length - (int) length, (int) length)
        : source.open(framesEnd, length);
  }

  /** Where the last frame ends. */
  long framesEnd() {
    return framesEnd;
  }

  long headerCrc() {
    return headerCrc;
  }

  long postApplyChecksum() {
    return BigEndian.getLong(tail, tail.length - LtxTrailer.SIZE);
  }

  /** The last 8 bytes, bit 63 set. */
  public long fileChecksum() {
    return BigEndian.getLong(tail, tail.length - Long.BYTES);
  }
}
