package dev.tidewal.ltx;

import dev.tidewal.core.Txid;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import net.jpountz.lz4.LZ4Factory;

/** Makes small LTX files, also those variants that {@link LtxWriter} does not write. */
public final class LtxFiles {
  private LtxFiles() {}

  /** How a page becomes the payload behind its six header bytes. */
  interface Encoding {
    int flags();

    byte[] payload(byte[] page);
  }

  /** LZ4 frames as Litestream 0.5.0 to 0.5.15 writes them. */
  static final Encoding FRAMES =
      new Encoding() {
        @Override
        public int flags() {
          return 0;
        }

        @Override
        public byte[] payload(byte[] page) {
          return Lz4Frames.litestream(page);
        }
      };

  /** LZ4 blocks as Litestream writes them from 0.5.16 on. */
  static final Encoding BLOCKS =
      new Encoding() {
        @Override
        public int flags() {
          return 1;
        }

        @Override
        public byte[] payload(byte[] page) {
          byte[] block = LZ4Factory.fastestInstance().fastCompressor().compress(page);
          return ByteBuffer.allocate(4 + block.length).putInt(block.length).put(block).array();
        }
      };

  static LtxHeader header(int pageSize, long commit, long min, long max) {
    return LtxHeader.of(
        pageSize, commit, new Txid(min), new Txid(max), 1000 + max, LtxHeader.WalSpan.NONE);
  }

  /** The deletion of a database, which {@link LtxWriter} does not write. */
  public static byte[] deletion(int pageSize, long txid) {
    LtxHeader header = checksummed(pageSize, 0, txid, txid, 1, -1);
    return file(header, Map.of(), PageChecksum.FLAG, BLOCKS);
  }

  static LtxHeader checksummed(
      int pageSize, long commit, long min, long max, long timestamp, long pre) {
    return new LtxHeader(
        0, pageSize, commit, new Txid(min), new Txid(max), timestamp, pre, 0, 0, 0, 0, 0);
  }

  static byte[] page(int pageSize, int fill) {
    byte[] page = new byte[pageSize];
    Arrays.fill(page, (byte) fill);
    return page;
  }

  /** Page n filled with one byte: {@code pages(512, 1, 0x91, 2, 0x82)}. */
  static SortedMap<Long, byte[]> pages(int pageSize, int... numbersAndFills) {
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    for (int i = 0; i < numbersAndFills.length; i += 2) {
      pages.put((long) numbersAndFills[i], page(pageSize, numbersAndFills[i + 1]));
    }
    return pages;
  }

  /** A whole file, built from the format's description without the code under test. */
  static byte[] file(
      LtxHeader header, Map<Long, byte[]> pages, long postApplyChecksum, Encoding encoding) {
    return file(header, pages, postApplyChecksum, encoding, entries -> {});
  }

  /**
   * The same with an index that tells something else: {@code lie} may change the triples (page
   * number, offset, length). All checksums are right.
   */
  static byte[] file(
      LtxHeader header,
      Map<Long, byte[]> pages,
      long postApplyChecksum,
      Encoding encoding,
      Consumer<List<long[]>> lie) {
    List<long[]> entries = new ArrayList<>();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ByteArrayOutputStream index = new ByteArrayOutputStream();
    ByteBuffer head = ByteBuffer.allocate(LtxHeader.SIZE);
    header.write(head);
    file.writeBytes(head.array());
    long crc = crc(Crc64.EMPTY, head.array());
    for (Map.Entry<Long, byte[]> page : pages.entrySet()) {
      byte[] payload = encoding.payload(page.getValue());
      byte[] frame =
          ByteBuffer.allocate(6)
              .putInt(page.getKey().intValue())
              .putShort((short) encoding.flags())
              .array();
      entries.add(new long[] {page.getKey(), file.size(), frame.length + payload.length});
      file.writeBytes(frame);
      file.writeBytes(payload);
      crc = crc(crc, frame);
      crc = encoding.flags() == 1 ? crc(crc, Arrays.copyOf(payload, 4)) : crc;
      crc = crc(crc, page.getValue());
    }
    lie.accept(entries);
    entries.forEach(entry -> Arrays.stream(entry).forEach(value -> varint(index, value)));
    index.write(0);
    ByteBuffer tail = ByteBuffer.allocate(6 + index.size() + 8 + 8);
    tail.put(new byte[6]).put(index.toByteArray()).putLong(index.size()).putLong(postApplyChecksum);
    file.writeBytes(tail.array());
    crc = crc(crc, tail.array());
    file.writeBytes(ByteBuffer.allocate(8).putLong(PageChecksum.FLAG | crc).array());
    return file.toByteArray();
  }

  /** A file by {@link LtxWriter}. */
  static byte[] write(LtxHeader header, Map<Long, byte[]> pages, Path scratch) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (LtxWriter writer = new LtxWriter(out, header, scratch)) {
      for (Map.Entry<Long, byte[]> page : pages.entrySet()) {
        writer.page(page.getKey(), page.getValue(), 0);
      }
      writer.finish();
    }
    return out.toByteArray();
  }

  static LtxReader reader(byte[] file) throws IOException {
    return new LtxReader(new ByteArrayInputStream(file), "test.ltx");
  }

  /** All pages of a file that is verified to its end. */
  static SortedMap<Long, byte[]> read(byte[] file) throws IOException {
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    try (LtxReader reader = reader(file)) {
      while (reader.next()) {
        pages.put(reader.pgno(), reader.page().clone());
      }
      reader.finish();
    }
    return pages;
  }

  /** The same by random access, in chunks of a few hundred bytes, last one first. */
  static SortedMap<Long, byte[]> readChunks(byte[] file) throws IOException {
    RangeSource source =
        (offset, length) -> new ByteArrayInputStream(file, (int) offset, (int) length);
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    LtxVerifier verifier = LtxIndex.open(source, file.length, "test.ltx").chunks(300);
    for (LtxChunk chunk : verifier.chunks().reversed()) {
      ChunkDecoder decoder = verifier.decoder();
      verifier.add(
          decoder.decode(
              chunk,
              file,
              (int) chunk.offset(),
              (pgno, page, sum) -> pages.put(pgno, page.clone())));
    }
    verifier.finish();
    return pages;
  }

  static byte[] indexOf(byte[] file) {
    long length = ByteBuffer.wrap(file).getLong(file.length - 24);
    return Arrays.copyOfRange(file, file.length - 24 - (int) length, file.length - 24);
  }

  private static long crc(long crc, byte[] bytes) {
    return Crc64.update(crc, bytes, 0, bytes.length);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    for (; (rest & ~0x7fL) != 0; rest >>>= 7) {
      out.write((int) ((rest & 0x7f) | 0x80));
    }
    out.write((int) rest);
  }
}
