package dev.tidewal.replicate;

import dev.tidewal.fence.Batch;
import dev.tidewal.ltx.ChunkEncoder;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxHeader.WalSpan;
import dev.tidewal.ltx.LtxSummary;
import dev.tidewal.ltx.LtxWriter;
import dev.tidewal.ltx.PageChecksum;
import dev.tidewal.state.PageChecksums;
import dev.tidewal.wal.WalHeader;
import dev.tidewal.wal.WalPoint;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Makes a {@link Batch} of pages: reads them once for their checksums, and again whenever they are
 * encoded.
 */
final class ObjectBatch {
  /**
   * From here on all cores work on an object; below, handing pages over costs more than it saves.
   */
  private static final long MANY_BYTES = 4L << 20;

  private ObjectBatch() {}

  /**
   * @param update is filled with the checksum of every page
   * @param scratch for an index that outgrows its buffer
   */
  static Batch of(Outgoing out, PageChecksums.Update update, Instant timestamp, Path scratch)
      throws IOException {
    PageSource source = out.source();
    int pageSize = source.pageSize();
    addChecksums(source, update);
    return new Batch(
        source.commit(),
        pageSize,
        span(out.from(), out.to()),
        out.to(),
        update.rollingAfter(source.commit()),
        timestamp,
        source.maxLtxBytes(),
        (header, stream) -> encode(source, header, stream, scratch));
  }

  private static void addChecksums(PageSource source, PageChecksums.Update update)
      throws IOException {
    int pageSize = source.pageSize();
    if (isSmall(source)) {
      source.pages(
          (pgno, page, offset) -> update.add(pgno, PageChecksum.of(pgno, page, offset, pageSize)));
      return;
    }
    try (ChunkPipeline<long[]> pipeline =
        new ChunkPipeline<>(
            pageSize,
            chunk -> new long[chunk.capacity()],
            (chunk, checksums) -> {
              for (int i = 0; i < chunk.pages(); i++) {
                checksums[i] =
                    PageChecksum.of(chunk.pgno(i), chunk.bytes(), chunk.offset(i), pageSize);
              }
            },
            (chunk, checksums) -> {
              for (int i = 0; i < chunk.pages(); i++) {
                update.add(chunk.pgno(i), checksums[i]);
              }
            })) {
      source.pages(pipeline);
      pipeline.finish();
    }
  }

  private static boolean isSmall(PageSource source) {
    return source.pageCount() * source.pageSize() < MANY_BYTES;
  }

  static LtxSummary encode(PageSource source, LtxHeader header, OutputStream out, Path scratch)
      throws IOException {
    try (LtxWriter writer = new LtxWriter(out, header, scratch)) {
      if (isSmall(source)) {
        source.pages(writer::page);
      } else {
        encodeWithAllCores(source, writer);
      }
      return writer.finish();
    }
  }

  private static void encodeWithAllCores(PageSource source, LtxWriter writer) throws IOException {
    int pageSize = source.pageSize();
    try (ChunkPipeline<ChunkEncoder> pipeline =
        new ChunkPipeline<>(
            pageSize,
            chunk -> ChunkEncoder.forPages(pageSize, chunk.capacity()),
            (chunk, encoder) -> {
              encoder.clear();
              for (int i = 0; i < chunk.pages(); i++) {
                encoder.page(chunk.pgno(i), chunk.bytes(), chunk.offset(i));
              }
            },
            (chunk, encoder) -> writer.append(encoder))) {
      source.pages(pipeline);
      pipeline.finish();
    }
  }

  /**
   * Where in the WAL the object was read. What does not continue a point is said to be at its end,
   * with size 0.
   */
  static WalSpan span(Optional<WalPoint> from, Optional<WalPoint> to) {
    if (to.isEmpty()) {
      return WalSpan.NONE;
    }
    WalPoint end = to.get();
    if (from.isEmpty()) {
      return new WalSpan(end.offset(), 0, end.salt1(), end.salt2());
    }
    long start = from.get().hasSaltsOf(end) ? from.get().offset() : WalHeader.SIZE;
    return new WalSpan(start, end.offset() - start, end.salt1(), end.salt2());
  }
}
