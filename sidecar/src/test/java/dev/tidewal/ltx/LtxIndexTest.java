package dev.tidewal.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.TidewalException.Corrupt;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LtxIndexTest {
  @TempDir private Path scratch;
  private final Random random = new Random(20261120);
  private final List<Long> reads = new ArrayList<>();

  @Test
  void everyEntryLeadsToItsPage() throws IOException {
    SortedMap<Long, byte[]> pages = randomPages(4096, 50);
    byte[] file = LtxFiles.write(LtxFiles.header(4096, 1000, 2, 5), pages, scratch);
    LtxPageDecoder decoder = new LtxPageDecoder(4096, "test.ltx");
    byte[] page = new byte[4096];
    SortedMap<Long, byte[]> found = new TreeMap<>();

    try (LtxEntries entries = open(file).entries()) {
      while (entries.next()) {
        int length = (int) entries.length();
        long checksum =
            decoder.decode(
                entries.pgno(), entries.offset(), file, (int) entries.offset(), length, page, 0);
        assertThat(checksum).isEqualTo(PageChecksum.of(entries.pgno(), page, 0, 4096));
        found.put(entries.pgno(), page.clone());
      }
    }

    assertThat(found.keySet()).isEqualTo(pages.keySet());
    found.forEach((pgno, bytes) -> assertThat(bytes).isEqualTo(pages.get(pgno)));
  }

  @Test
  void aFrameThatIsNotTheEntrysIsCorrupt() throws IOException {
    byte[] file =
        LtxFiles.write(LtxFiles.header(512, 9, 2, 5), LtxFiles.pages(512, 3, 1, 4, 1), scratch);
    LtxPageDecoder decoder = new LtxPageDecoder(512, "test.ltx");
    try (LtxEntries entries = open(file).entries()) {
      entries.next();
      int at = (int) entries.offset();
      int length = (int) entries.length();
      byte[] page = new byte[512];

      assertThatThrownBy(() -> decoder.decode(4, at, file, at, length, page, 0))
          .isInstanceOf(Corrupt.class);
      assertThatThrownBy(() -> decoder.decode(3, at, file, at, length + 1, page, 0))
          .isInstanceOf(Corrupt.class);
      assertThatThrownBy(() -> decoder.decode(3, at, file, at, length - 1, page, 0))
          .isInstanceOf(Corrupt.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5000, 100_000, 1 << 30})
  void chunksOfAnySizeInAnyOrderVerifyTheFile(int chunkBytes) throws IOException {
    SortedMap<Long, byte[]> pages = randomPages(4096, 80);
    byte[] file = LtxFiles.write(LtxFiles.header(4096, 1000, 2, 5), pages, scratch);
    LtxVerifier verifier = open(file).chunks(chunkBytes);
    SortedMap<Long, byte[]> found = new TreeMap<>();
    List<LtxChunk> shuffled = new ArrayList<>(verifier.chunks());
    Collections.shuffle(shuffled, random);

    for (LtxChunk chunk : shuffled) {
      assertThat(chunk.pages() == 1 || chunk.length() <= chunkBytes).isTrue();
      verifier.add(
          verifier
              .decoder()
              .decode(
                  chunk, file, (int) chunk.offset(), (n, page, sum) -> found.put(n, page.clone())));
    }

    try (LtxReader reader = LtxFiles.reader(file)) {
      assertThat(verifier.finish()).isEqualTo(reader.finish());
    }
    assertThat(found.keySet()).isEqualTo(pages.keySet());
    found.forEach((pgno, bytes) -> assertThat(bytes).isEqualTo(pages.get(pgno)));
  }

  @Test
  void aMissingChunkIsNoVerifiedFile() throws IOException {
    byte[] file =
        LtxFiles.write(LtxFiles.header(512, 9, 2, 5), LtxFiles.pages(512, 3, 1, 4, 1), scratch);
    LtxVerifier verifier = open(file).chunks(1);
    LtxChunk first = verifier.chunks().getFirst();

    verifier.add(verifier.decoder().decode(first, file, (int) first.offset(), (n, p, s) -> {}));

    assertThatThrownBy(verifier::finish).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aSmallFileIsOneRead() throws IOException {
    byte[] file =
        LtxFiles.write(LtxFiles.header(512, 9, 2, 5), LtxFiles.pages(512, 3, 1, 4, 1), scratch);

    open(file).chunks(1000);

    assertThat(reads).containsExactly(0L);
  }

  @Test
  void aLargeFileNeedsThreeReadsForItsIndex() throws IOException {
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    byte[] page = new byte[512];
    for (long pgno = 1; pgno <= 40_000; pgno++) {
      pages.put(pgno, page);
    }
    byte[] file = LtxFiles.write(LtxFiles.header(512, 40_000, 1, 5), pages, scratch);
    assertThat(LtxFiles.indexOf(file).length).isGreaterThan(64 * 1024);

    LtxVerifier verifier = open(file).chunks(64 * 1024);

    assertThat(reads).hasSize(3);
    assertThat(verifier.chunks().stream().mapToInt(LtxChunk::pages).sum()).isEqualTo(40_000);
  }

  private LtxIndex open(byte[] file) throws IOException {
    RangeSource source =
        (offset, length) -> {
          reads.add(offset);
          return new ByteArrayInputStream(file, (int) offset, (int) length);
        };
    return LtxIndex.open(source, file.length, "test.ltx");
  }

  private SortedMap<Long, byte[]> randomPages(int pageSize, int count) {
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      byte[] page = new byte[pageSize];
      random.nextBytes(page);
      Arrays.fill(page, 0, random.nextInt(pageSize + 1), (byte) i);
      pages.put(1L + random.nextInt(1000), page);
    }
    return pages;
  }
}
