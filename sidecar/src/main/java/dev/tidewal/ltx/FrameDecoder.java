package dev.tidewal.ltx;

import dev.tidewal.core.TidewalException.Corrupt;

/**
 * Decodes one page frame after the other, either encoding. Remembers of the last one what the
 * checksums need; not thread-safe.
 */
final class FrameDecoder {
  private final String name;
  private final int pageSize;
  private final Crc64.Shift pageShift;
  private long pgno;
  private long pageCrc;

  FrameDecoder(int pageSize, String name) {
    this.name = name;
    this.pageSize = pageSize;
    this.pageShift = Crc64.Shift.ofPage(pageSize);
  }

  /**
   * Decodes the frame at {@code in[at]}, of which {@code available} bytes are there, and returns
   * its length, or -1 if it doesn't end within them. The page goes to {@code out[outAt]}.
   *
   * @param filePosition where in the file the frame starts, for messages
   */
  int decode(byte[] in, int at, int available, long filePosition, byte[] out, int outAt) {
    if (available < PageFrame.HEADER_BYTES) {
      return -1;
    }
    pgno = BigEndian.unsignedInt(in, at);
    int flags = ((in[at + 4] & 0xff) << 8) | (in[at + 5] & 0xff);
    int length =
        switch (flags) {
          case PageFrame.BLOCK -> decodeBlock(in, at, available, filePosition, out, outAt);
          case 0 -> decodeFrame(in, at, available, filePosition, out, outAt);
          default -> throw corrupt(filePosition, "Flags are invalid: " + flags);
        };
    if (length > 0) {
      pageCrc = Crc64.update(Crc64.EMPTY, out, outAt, pageSize);
    }
    return length;
  }

  private int decodeBlock(
      byte[] in, int at, int available, long filePosition, byte[] out, int outAt) {
    if (available < PageFrame.BLOCK_HEADER_BYTES) {
      return -1;
    }
    long size = BigEndian.unsignedInt(in, at + PageFrame.HEADER_BYTES);
    if (size == 0 || size > Lz4.bound(pageSize)) {
      throw corrupt(filePosition, "CompressedSize is invalid: " + size);
    }
    int length = PageFrame.BLOCK_HEADER_BYTES + (int) size;
    if (available < length) {
      return -1;
    }
    int payload = at + PageFrame.BLOCK_HEADER_BYTES;
    int inflated = Lz4.inflate(in, payload, (int) size, out, outAt, pageSize);
    if (inflated != pageSize) {
      throw corrupt(filePosition, "LZ4 block does not hold a page");
    }
    return length;
  }

  private int decodeFrame(
      byte[] in, int at, int available, long filePosition, byte[] out, int outAt) {
    int payload = at + PageFrame.HEADER_BYTES;
    try {
      int length =
          Lz4Frame.inflate(in, payload, available - PageFrame.HEADER_BYTES, out, outAt, pageSize);
      return length < 0 ? -1 : PageFrame.HEADER_BYTES + length;
    } catch (Lz4Frame.Malformed e) {
      throw new Corrupt(place(filePosition) + e.getMessage(), e);
    }
  }

  /** The file's CRC after the frame that was decoded last from {@code in[at]}. */
  long updateCrc(long crc, byte[] in, int at) {
    return pageShift.combine(Crc64.update(crc, in, at, headerBytes(in, at)), pageCrc);
  }

  /** How many bytes of the frame, with its page inflated, the file's CRC covers. */
  int coveredBytes(byte[] in, int at) {
    return headerBytes(in, at) + pageSize;
  }

  private static int headerBytes(byte[] in, int at) {
    return in[at + 5] == 0 ? PageFrame.HEADER_BYTES : PageFrame.BLOCK_HEADER_BYTES;
  }

  long pgno() {
    return pgno;
  }

  long pageCrc() {
    return pageCrc;
  }

  long pageChecksum() {
    return PageChecksum.ofCrc(pgno, pageCrc, pageShift);
  }

  Corrupt corrupt(long filePosition, String defect) {
    return new Corrupt(place(filePosition) + defect);
  }

  private String place(long filePosition) {
    return name + ": page frame at byte " + filePosition + " (page " + pgno + "): ";
  }
}
