package dev.tidewal.wal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;

/** Makes WAL bytes as SQLite does, and such that SQLite leaves behind after accidents. */
final class WalWriter {
  private final ByteArrayOutputStream file = new ByteArrayOutputStream();
  private final boolean bigEndian;
  private final int pageSize;
  private final Random random;
  private int salt1;
  private int salt2;
  private long checksum;

  WalWriter(int pageSize, boolean bigEndian, Random random) {
    this.pageSize = pageSize;
    this.bigEndian = bigEndian;
    this.random = random;
    this.salt1 = random.nextInt();
    this.salt2 = random.nextInt();
    ByteBuffer header = ByteBuffer.allocate(32);
    header.putInt(bigEndian ? 0x377f0683 : 0x377f0682).putInt(3007000).putInt(pageSize).putInt(7);
    header.putInt(salt1).putInt(salt2);
    checksum = checksum(0, header.array(), 0, 24);
    header.putLong(checksum);
    file.writeBytes(header.array());
  }

  /** Frames of pages from {@code first} on; the last one commits if {@code commit} is not 0. */
  WalWriter transaction(int first, int frames, int commit) {
    for (int i = 0; i < frames; i++) {
      frame(first + i, i == frames - 1 ? commit : 0);
    }
    return this;
  }

  /** One frame with random content. */
  void frame(int pgno, int commit) {
    byte[] page = new byte[pageSize];
    random.nextBytes(page);
    ByteBuffer frame = ByteBuffer.allocate(24 + pageSize);
    frame.putInt(pgno).putInt(commit).putInt(salt1).putInt(salt2);
    frame.put(24, page);
    checksum = checksum(checksum, frame.array(), 0, 8);
    checksum = checksum(checksum, frame.array(), 24, pageSize);
    frame.putLong(checksum);
    file.writeBytes(frame.array());
  }

  /** What follows looks like the left-over of the generation before. */
  WalWriter otherSalts() {
    salt1--;
    salt2 = random.nextInt();
    return this;
  }

  /** What follows fits behind {@code end} of another file. */
  void continueAt(WalPoint end) {
    salt1 = end.salt1();
    salt2 = end.salt2();
    checksum = ((long) end.checksum1() << 32) | (end.checksum2() & 0xffffffffL);
  }

  byte[] bytes() {
    return file.toByteArray();
  }

  /** Straight from section 4.2 of the file format, not the code under test. */
  private long checksum(long before, byte[] bytes, int offset, int length) {
    int s0 = (int) (before >>> 32);
    int s1 = (int) before;
    for (int i = offset; i < offset + length; i += 8) {
      s0 += word(bytes, i) + s1;
      s1 += word(bytes, i + 4) + s0;
    }
    return ((long) s0 << 32) | (s1 & 0xffffffffL);
  }

  private int word(byte[] bytes, int at) {
    int word = ByteBuffer.wrap(bytes).getInt(at);
    return bigEndian ? word : Integer.reverseBytes(word);
  }
}
