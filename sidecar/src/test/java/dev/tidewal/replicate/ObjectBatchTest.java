package dev.tidewal.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.Txid;
import dev.tidewal.fence.Batch;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxHeader.WalSpan;
import dev.tidewal.ltx.LtxWriter;
import dev.tidewal.ltx.PageChecksum;
import dev.tidewal.state.PageChecksums;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectBatchTest {
  private static final int MIB = 1 << 20;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {512, 4096, 65536})
  void allCoresWriteTheSameBytesAsOneThread(int pageSize) throws IOException {
    Pages pages = new Pages(pageSize, 9 * MIB / pageSize + 1, Long.MAX_VALUE);
    LtxHeader header = header(pages);
    ByteArrayOutputStream alone = new ByteArrayOutputStream();
    try (LtxWriter writer = new LtxWriter(alone, header, directory)) {
      pages.pages(writer::page);
      writer.finish();
    }

    ByteArrayOutputStream together = new ByteArrayOutputStream();
    ObjectBatch.encode(pages, header, together, directory);

    assertThat(together.toByteArray()).isEqualTo(alone.toByteArray());
  }

  @Test
  void theRollingChecksumIsThatOfAllPages() throws IOException {
    Pages pages = new Pages(4096, 6 * MIB / 4096 + 3, Long.MAX_VALUE);
    long[] expected = {PageChecksum.FLAG};
    pages.pages((pgno, page, offset) ->
        expected[0] = PageChecksum.toggle(expected[0], PageChecksum.of(pgno, page, offset, 4096)));

    assertThat(batch(pages).checksum()).isEqualTo(expected[0]);
  }

  @Test
  void aSourceThatBreaksOffEndsTheBatch() {
    Pages broken = new Pages(4096, 8 * MIB / 4096, 5 * MIB / 4096);

    assertThatThrownBy(() -> batch(broken)).isInstanceOf(IOException.class).hasMessage("gone");
  }

  @Test
  void anInterruptEndsTheReading() throws IOException {
    Pages pages = new Pages(4096, 8 * MIB / 4096, Long.MAX_VALUE);

    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> batch(pages)).hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  private Batch batch(Pages pages) throws IOException {
    try (PageChecksums checksums = PageChecksums.open(directory.resolve("pages"), directory);
        PageChecksums.Update update = checksums.rewrite()) {
      Outgoing out =
          new Outgoing(
              pages,
              Optional.empty(),
              Optional.empty(),
              true,
              0,
              Instant.EPOCH,
              Outgoing.Kind.STREAM);
      return ObjectBatch.of(out, update, Instant.EPOCH, directory);
    }
  }

  private static LtxHeader header(Pages pages) {
    Txid first = new Txid(1);
    return LtxHeader.of(pages.pageSize(), pages.commit(), first, first, 0, WalSpan.NONE);
  }

  /** Half compressible, the same at each reading. */
  private record Pages(int pageSize, long pageCount, long breaksAt) implements PageSource {
    @Override
    public long commit() {
      return pageCount;
    }

    @Override
    public void pages(Sink sink) throws IOException {
      SplittableRandom random = new SplittableRandom(7);
      byte[] page = new byte[pageSize + 1];
      for (long pgno = 1; pgno <= pageCount; pgno++) {
        if (pgno == breaksAt) {
          throw new IOException("gone");
        }
        for (int i = 1; i <= pageSize / 2; i++) {
          page[i] = (byte) random.nextInt();
        }
        sink.page(pgno, page, 1);
      }
    }
  }
}
