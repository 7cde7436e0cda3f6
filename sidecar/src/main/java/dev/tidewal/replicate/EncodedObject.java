package dev.tidewal.replicate;

import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxSummary;
import dev.tidewal.ltx.LtxWriter;
import dev.tidewal.ltx.PageChecksum;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.state.PageChecksums;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An LTX object ready to be sent: its rolling checksum is known, its bytes can be produced as often
 * as an upload is tried.
 *
 * <p>A small one is encoded once, in memory. A large one is read twice: for the checksums, which a
 * multipart upload needs before its first byte, and then streamed.
 */
final class EncodedObject implements ReplicaClient.Content {
  /** Up to so many bytes of pages are encoded in memory. */
  static final long MEMORY_BYTES = 4L << 20;

  private final LtxHeader header;
  private final PageSource source;
  private final Path scratch;
  private final long rolling;
  private byte @Nullable [] bytes;
  private volatile @Nullable LtxSummary summary;

  private EncodedObject(
      LtxHeader header, PageSource source, Path scratch, PageChecksums.Update update)
      throws IOException {
    this.header = header;
    this.source = source;
    this.scratch = scratch;
    if (source.pageCount() * source.pageSize() <= MEMORY_BYTES) {
      ByteArrayOutputStream buffer = new ByteArrayOutputStream(estimate(source));
      summary = write(buffer, update::add);
      bytes = buffer.toByteArray();
    } else {
      int pageSize = source.pageSize();
      source.pages(
          (pgno, page, offset) -> update.add(pgno, PageChecksum.of(pgno, page, offset, pageSize)));
    }
    this.rolling = update.rollingAfter(header.commit());
  }

  /**
   * Reads the pages once and fills {@code update} with their checksums.
   *
   * @param scratch for an index that outgrows its buffer
   */
  static EncodedObject of(
      LtxHeader header, PageSource source, Path scratch, PageChecksums.Update update)
      throws IOException {
    return new EncodedObject(header, source, scratch, update);
  }

  LtxHeader header() {
    return header;
  }

  /** The rolling database checksum after this object. */
  long rolling() {
    return rolling;
  }

  long maxSizeBytes() {
    byte[] encoded = bytes;
    return encoded == null ? source.maxLtxBytes() : encoded.length;
  }

  /** Size and checksum of what was sent; empty before {@link #writeTo} of a large object ended. */
  Optional<LtxSummary> summary() {
    return Optional.ofNullable(summary);
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    byte[] encoded = bytes;
    if (encoded != null) {
      out.write(encoded);
    } else {
      summary = write(out, (pgno, checksum) -> {});
    }
  }

  private LtxSummary write(OutputStream out, ChecksumSink checksums) throws IOException {
    try (LtxWriter writer = new LtxWriter(out, header, scratch)) {
      source.pages((pgno, page, offset) -> checksums.add(pgno, writer.page(pgno, page, offset)));
      return writer.finish();
    }
  }

  private static int estimate(PageSource source) {
    return (int) Math.min(MEMORY_BYTES, 512 + source.pageCount() * source.pageSize() / 2);
  }

  private interface ChecksumSink {
    void add(long pgno, long checksum) throws IOException;
  }
}
