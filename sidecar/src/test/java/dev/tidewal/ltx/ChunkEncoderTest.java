package dev.tidewal.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkEncoderTest {
  @TempDir private Path scratch;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource({"512, 1", "512, 5000", "4096, 30000", "65536, 1", "65536, 1000000"})
  void chunksMakeTheSameFileAsSinglePages(int pageSize, int chunkBytes) throws IOException {
    LtxHeader header = LtxFiles.header(pageSize, 100, 1, 5);
    SortedMap<Long, byte[]> pages = randomPages(pageSize);
    ChunkEncoder chunk = new ChunkEncoder(pageSize, chunkBytes);

    try (LtxWriter writer = new LtxWriter(out, header, scratch)) {
      for (Map.Entry<Long, byte[]> page : pages.entrySet()) {
        if (page.getKey() % 40 < 5) {
          append(writer, chunk);
          writer.page(page.getKey(), page.getValue(), 0);
        } else {
          if (!chunk.hasRoom()) {
            append(writer, chunk);
          }
          assertThat(chunk.page(page.getKey(), page.getValue(), 0))
              .isEqualTo(PageChecksum.of(page.getKey(), page.getValue(), 0, pageSize));
          assertThat(chunk.sizeBytes() <= chunkBytes || chunk.pages() == 1).isTrue();
        }
      }
      append(writer, chunk);
      writer.finish();
    }

    assertThat(out.toByteArray()).isEqualTo(LtxFiles.write(header, pages, scratch));
  }

  @Test
  void chunksOutOfOrderAreNotWritten() throws IOException {
    ChunkEncoder chunk = new ChunkEncoder(512, 5000);
    chunk.page(3, new byte[512], 0);
    try (LtxWriter writer = new LtxWriter(out, LtxFiles.header(512, 9, 2, 2), scratch)) {
      writer.page(3, new byte[512], 0);

      assertThatThrownBy(() -> writer.append(chunk)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aFullChunkTakesNoPage() {
    ChunkEncoder chunk = new ChunkEncoder(512, 1);
    chunk.page(3, new byte[512], 0);

    assertThat(chunk.hasRoom()).isFalse();
    assertThatThrownBy(() -> chunk.page(4, new byte[512], 0))
        .isInstanceOf(IllegalStateException.class);
  }

  private static void append(LtxWriter writer, ChunkEncoder chunk) throws IOException {
    writer.append(chunk);
    chunk.clear();
  }

  private static SortedMap<Long, byte[]> randomPages(int pageSize) {
    Random random = new Random(20261120);
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    for (long pgno = 1; pgno <= 100; pgno++) {
      byte[] page = LtxFiles.page(pageSize, (int) pgno);
      random.nextBytes(page);
      Arrays.fill(page, 0, random.nextInt(pageSize + 1), (byte) pgno);
      pages.put(pgno, page);
    }
    return pages;
  }
}
