package dev.tidewal.ltx;

import dev.tidewal.core.TidewalException.Corrupt;
import java.io.IOException;

/** Reads the page index from a stream that stands at its start. */
final class IndexParser {
  private final LtxInput in;
  private final String name;
  private final long start;
  private long crc;
  private long pgno;
  private long offset;
  private long length;
  private int at;

  /**
   * @param crc the CRC of what the file has before the index, to go on with
   */
  IndexParser(LtxInput in, String name, long crc) {
    this.in = in;
    this.name = name;
    this.start = in.position();
    this.crc = crc;
  }

  /** Moves to the next entry; false at the zero byte that ends them. */
  boolean next() throws IOException {
    in.fill(3 * Varint.MAX_BYTES);
    at = 0;
    pgno = varint();
    if (pgno != 0) {
      offset = varint();
      length = varint();
    }
    crc = Crc64.update(crc, in.bytes(), in.at(), at);
    in.advance(at);
    return pgno != 0;
  }

  /** Reads the length behind the entries, checks it and returns the CRC up to here. */
  long finish() throws IOException {
    long actual = in.position() - start;
    in.require(Long.BYTES, "the length of the page index");
    long stored = BigEndian.getLong(in.bytes(), in.at());
    if (stored != actual) {
      throw new Corrupt(
          name + ": page index length is invalid: " + stored + " instead of " + actual);
    }
    crc = Crc64.update(crc, in.bytes(), in.at(), Long.BYTES);
    in.advance(Long.BYTES);
    return crc;
  }

  long pgno() {
    return pgno;
  }

  long offset() {
    return offset;
  }

  long length() {
    return length;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (at == in.available()) {
        throw new Corrupt(name + ": truncated in the page index, at byte " + (in.position() + at));
      }
      byte b = in.bytes()[in.at() + at++];
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new Corrupt(
        name + ": page index is invalid: a number does not end, at byte " + (in.position() + at));
  }
}
