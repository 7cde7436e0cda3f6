package dev.tidewal.ltx;

import dev.tidewal.core.TidewalException.Corrupt;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a file whose pages are read as chunks, in any order and by many threads: the CRCs of the
 * parts are combined to the FileChecksum.
 *
 * <p>Use: fetch each of {@link #chunks}, decode it with a {@link #decoder} of the thread's own,
 * give the part to {@link #add}; nothing that was decoded counts as good before {@link #finish}
 * returned. Safe for concurrent use.
 */
public final class LtxVerifier {
  private final LtxIndex index;
  private final List<LtxChunk> chunks;
  private final LtxEntries.Tail tail;
  private final @Nullable ChunkPart[] parts;

  private LtxVerifier(LtxIndex index, List<LtxChunk> chunks, LtxEntries.Tail tail) {
    this.index = index;
    this.chunks = List.copyOf(chunks);
    this.tail = tail;
    this.parts = new ChunkPart[chunks.size()];
  }

  /** All chunks, in file order; none when the file has no pages. */
  public List<LtxChunk> chunks() {
    return chunks;
  }

  public ChunkDecoder decoder() {
    return new ChunkDecoder(index.header(), index.name());
  }

  /** Records a decoded chunk. */
  public synchronized void add(ChunkPart part) {
    parts[part.number()] = part;
  }

  /**
   * Verifies FileChecksum and PostApplyChecksum.
   *
   * @throws IllegalStateException while chunks are missing
   */
  public synchronized LtxSummary finish() {
    long crc = index.headerCrc();
    long rolling = PageChecksum.FLAG;
    for (ChunkPart part : parts) {
      if (part == null) {
        throw new IllegalStateException("not all chunks were decoded: " + index.name());
      }
      crc = Crc64.combine(crc, part.crc(), part.coveredBytes());
      rolling = PageChecksum.toggle(rolling, part.pageChecksums());
    }
    crc = Crc64.combine(crc, tail.crc(), tail.length());
    long post = index.postApplyChecksum();
    check(LtxTrailer.fileDefect(index.fileChecksum(), crc), "FileChecksum");
    check(LtxTrailer.postDefect(index.header(), post, rolling), "PostApplyChecksum");
    long pages = chunks.stream().mapToLong(LtxChunk::pages).sum();
    return new LtxSummary(index.header(), index.sizeBytes(), pages, index.fileChecksum(), post);
  }

  private void check(@Nullable String defect, String field) {
    if (defect != null) {
      throw new Corrupt(index.name() + ": " + field + " is invalid: " + defect);
    }
  }

  /** Groups entries into chunks. */
  static final class Builder {
    private final LtxIndex index;
    private final int maxBytes;
    private final List<LtxChunk> chunks = new ArrayList<>();
    private IndexDigest digest = new IndexDigest();
    private long start;
    private long length;
    private long firstPgno;

    Builder(LtxIndex index, int maxBytes) {
      this.index = index;
      this.maxBytes = maxBytes;
    }

    void add(long pgno, long offset, long frameBytes) {
      if (frameBytes > PageFrame.maxFrameBytes(index.header().pageSize())) {
        throw new Corrupt(index.name() + ": page index is invalid: length of page " + pgno);
      }
      if (digest.count() > 0 && length + frameBytes > maxBytes) {
        endChunk();
      }
      if (digest.count() == 0) {
        start = offset;
        firstPgno = pgno;
      }
      digest.add(pgno, offset, frameBytes);
      length += frameBytes;
    }

    LtxVerifier build(LtxEntries.Tail tail) {
      endChunk();
      return new LtxVerifier(index, chunks, tail);
    }

    private void endChunk() {
      if (digest.count() > 0) {
        int pages = (int) digest.count();
        chunks.add(
            new LtxChunk(chunks.size(), start, (int) length, firstPgno, pages, digest.hash()));
        digest = new IndexDigest();
        length = 0;
      }
    }
  }
}
