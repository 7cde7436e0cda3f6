package dev.tidewal.ltx;

import dev.tidewal.core.TidewalException.Corrupt;
import java.io.IOException;
import java.util.Objects;

/** Decodes chunks of one file, in any order. One for each thread; not thread-safe. */
public final class ChunkDecoder {
  private final String name;
  private final LtxHeader header;
  private final FrameDecoder decoder;
  private final byte[] page;

  ChunkDecoder(LtxHeader header, String name) {
    this.name = name;
    this.header = header;
    this.decoder = new FrameDecoder(header.pageSize(), name);
    this.page = new byte[header.pageSize()];
  }

  /**
   * Hands every page to {@code pages} and returns what {@link LtxVerifier#add} needs.
   *
   * @param bytes holds the chunk's bytes from {@code offset} on
   */
  public ChunkPart decode(LtxChunk chunk, byte[] bytes, int offset, PageConsumer pages)
      throws IOException {
    Objects.checkFromIndexSize(offset, chunk.length(), bytes.length);
    IndexDigest digest = new IndexDigest();
    long crc = Crc64.EMPTY;
    long covered = 0;
    long checksums = 0;
    long last = chunk.firstPgno() - 1;
    int end = offset + chunk.length();
    int at = offset;
    for (; at < end && digest.count() < chunk.pages(); ) {
      long position = chunk.offset() + at - offset;
      int length = decoder.decode(bytes, at, end - at, position, page, 0);
      long pgno = decoder.pgno();
      if (length < 0 || pgno <= last || pgno > header.commit() || isLockPage(pgno)) {
        throw decoder.corrupt(position, "differs from the page index");
      }
      digest.add(pgno, position, length);
      crc = decoder.updateCrc(crc, bytes, at);
      covered += decoder.coveredBytes(bytes, at);
      checksums ^= decoder.pageChecksum();
      pages.page(pgno, page, decoder.pageChecksum());
      last = pgno;
      at += length;
    }
    if (at != end || digest.count() != chunk.pages() || digest.hash() != chunk.digest()) {
      throw new Corrupt(
          name + ": page index is invalid: differs from the frames from byte " + chunk.offset());
    }
    return new ChunkPart(chunk.number(), crc, covered, checksums);
  }

  private boolean isLockPage(long pgno) {
    return pgno == LtxHeader.lockPage(header.pageSize());
  }
}
