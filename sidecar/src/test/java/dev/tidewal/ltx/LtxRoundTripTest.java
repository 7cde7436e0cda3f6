package dev.tidewal.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LtxRoundTripTest {
  @TempDir private Path scratch;
  private final Random random = new Random(20261120);

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536})
  void whatIsWrittenIsReadAtEveryPageSize(int pageSize) throws IOException {
    SortedMap<Long, byte[]> pages = randomPages(pageSize, 60);
    LtxHeader header = LtxFiles.header(pageSize, 500, 7, 9);

    byte[] file = LtxFiles.write(header, pages, scratch);

    assertSamePages(LtxFiles.read(file), pages);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096, 65536})
  void theWriterMakesWhatTheFormatSays(int pageSize) throws IOException {
    SortedMap<Long, byte[]> pages = randomPages(pageSize, 20);
    LtxHeader header = LtxFiles.header(pageSize, 500, 7, 9);

    byte[] written = LtxFiles.write(header, pages, scratch);

    assertThat(written).isEqualTo(LtxFiles.file(header, pages, 0, LtxFiles.BLOCKS));
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096, 65536})
  void framesAreReadAsWell(int pageSize) throws IOException {
    SortedMap<Long, byte[]> pages = randomPages(pageSize, 20);
    LtxHeader header = LtxFiles.header(pageSize, 500, 7, 9);

    byte[] file = LtxFiles.file(header, pages, 0, LtxFiles.FRAMES);

    assertSamePages(LtxFiles.read(file), pages);
  }

  @Test
  void theWriterReportsThePagesChecksumAndTheFilesSummary() throws IOException {
    byte[] page = LtxFiles.page(4096, 3);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (LtxWriter writer = new LtxWriter(out, LtxFiles.header(4096, 9, 2, 2), scratch)) {
      long checksum = writer.page(9, page, 0);
      LtxSummary written = writer.finish();

      assertThat(checksum).isEqualTo(PageChecksum.of(9, page, 0, 4096));
      try (LtxReader reader = LtxFiles.reader(out.toByteArray())) {
        assertThat(reader.finish()).isEqualTo(written);
      }
    }
  }

  @Test
  void aFileWithoutPagesIsAClaim() throws IOException {
    byte[] file = LtxFiles.write(LtxFiles.header(4096, 12, 5, 5), new TreeMap<>(), scratch);

    assertThat(LtxFiles.read(file)).isEmpty();
    assertThat(file).hasSize(100 + 6 + 1 + 8 + 16);
  }

  @Test
  void anIndexBeyondTheBufferGoesThroughAFile() throws IOException {
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    byte[] page = new byte[512];
    for (long pgno = 1; pgno <= 60_000; pgno++) {
      pages.put(pgno, page);
    }

    byte[] file = LtxFiles.write(LtxFiles.header(512, 60_000, 1, 4), pages, scratch);

    assertThat(LtxFiles.indexOf(file).length).isGreaterThan(PageIndexWriter.MAX_HEAP_BYTES);
    assertThat(LtxFiles.read(file)).hasSize(60_000);
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void aSnapshotWithAHoleIsNotWritten() throws IOException {
    try (LtxWriter writer = writer(LtxFiles.header(512, 3, 1, 4))) {
      writer.page(1, new byte[512], 0);

      assertThatThrownBy(() -> writer.page(3, new byte[512], 0)).hasMessageContaining("page 2");
      assertThatThrownBy(writer::finish).hasMessageContaining("1 pages of 3");
    }
  }

  @Test
  void pagesOutOfOrderAreNotWritten() throws IOException {
    try (LtxWriter writer = writer(LtxFiles.header(512, 9, 2, 4))) {
      writer.page(5, new byte[512], 0);

      assertThatThrownBy(() -> writer.page(5, new byte[512], 0)).hasMessageContaining("page 5");
      assertThatThrownBy(() -> writer.page(10, new byte[512], 0)).hasMessageContaining("Commit 9");
    }
  }

  @Test
  void theLockPageIsNotWritten() throws IOException {
    long lockPage = LtxHeader.lockPage(65536);
    try (LtxWriter writer = writer(LtxFiles.header(65536, lockPage + 1, 2, 4))) {
      assertThat(lockPage).isEqualTo(16385);
      assertThatThrownBy(() -> writer.page(lockPage, new byte[65536], 0))
          .hasMessageContaining("lock page");
    }
  }

  private LtxWriter writer(LtxHeader header) throws IOException {
    return new LtxWriter(new ByteArrayOutputStream(), header, scratch);
  }

  private SortedMap<Long, byte[]> randomPages(int pageSize, int count) {
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      byte[] page = new byte[pageSize];
      random.nextBytes(page);
      int compressible = random.nextInt(pageSize + 1);
      Arrays.fill(page, 0, compressible, (byte) i);
      pages.put(1L + random.nextInt(500), page);
    }
    return pages;
  }

  private static void assertSamePages(SortedMap<Long, byte[]> read, SortedMap<Long, byte[]> pages) {
    assertThat(read.keySet()).isEqualTo(pages.keySet());
    pages.forEach((pgno, page) -> assertThat(read.get(pgno)).isEqualTo(page));
  }
}
