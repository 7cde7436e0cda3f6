package dev.tidewal.ltx;

import static dev.tidewal.ltx.LtxFiles.pages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.TidewalException.Corrupt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose checksums are right and whose content is not: each complaint names the field. */
class LtxRulesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0x4C545832, Magic",
    "4, 4, Flags",
    "8, 4097, PageSize",
    "8, 131072, PageSize",
    "16, -1, TXID",
    "20, 0, MinTXID",
    "28, 1, MaxTXID",
    "40, 1, PreApplyChecksum",
    "48, -1, WALOffset",
    "56, 1, WALSize",
    "64, 1, WALSalt1",
    "68, 1, WALSalt2",
    "80, 1, reserved"
  })
  void aBadHeaderFieldIsNamed(int offset, long value, String field) {
    ByteBuffer header = ByteBuffer.allocate(LtxHeader.SIZE);
    LtxFiles.header(4096, 9, 2, 2).write(header);
    header.putInt(offset, (int) value);

    assertThatThrownBy(() -> LtxHeader.read(header.rewind()))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining(field);
  }

  @Test
  void aSnapshotWithAHoleIsCorrupt() {
    assertCorrupt(LtxFiles.header(512, 3, 1, 4), pages(512, 1, 1, 3, 3), "page 2 is missing");
    assertCorrupt(LtxFiles.header(512, 3, 1, 4), pages(512, 1, 1, 2, 3), "2 pages of 3");
  }

  @Test
  void aPageAboveCommitIsCorrupt() {
    assertCorrupt(LtxFiles.header(512, 3, 2, 4), pages(512, 4, 1), "above Commit 3");
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536})
  void theLockPageIsCorrupt(int pageSize) {
    int lockPage = (1 << 30) / pageSize + 1;

    assertCorrupt(
        LtxFiles.header(pageSize, lockPage + 1, 2, 4), pages(pageSize, lockPage, 1), "lock page");
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536})
  void aSnapshotBeyondTheLockPageLacksOnlyThat(int pageSize) {
    long lockPage = (1L << 30) / pageSize + 1;
    PageOrder order = new PageOrder(LtxFiles.header(pageSize, lockPage + 2, 1, 4));
    for (long pgno = 1; pgno < lockPage; pgno++) {
      order.advance(pgno);
    }

    assertThat(order.defect(lockPage)).isEqualTo("page " + lockPage + " is the lock page");
    assertThat(order.defect(lockPage + 2)).contains("page " + (lockPage + 1) + " is missing");
    assertThat(order.defect(lockPage + 1)).isNull();
    order.advance(lockPage + 1);
    assertThat(order.endDefect()).isNotNull();
    order.advance(lockPage + 2);
    assertThat(order.endDefect()).isNull();
  }

  @Test
  void aSnapshotOfMoreThanOneGibibyteIsWrittenAndRead(@TempDir Path scratch) throws IOException {
    int lockPage = 16385;
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    byte[] page = new byte[65536];
    for (long pgno = 1; pgno <= lockPage + 1; pgno++) {
      pages.put(pgno, page);
    }
    pages.remove((long) lockPage);

    byte[] file = LtxFiles.write(LtxFiles.header(65536, lockPage + 1, 1, 4), pages, scratch);

    try (LtxReader reader = LtxFiles.reader(file)) {
      assertThat(reader.finish().pages()).isEqualTo(lockPage);
    }
  }

  @Test
  void aChecksummedSnapshotMustHaveTheRollingChecksumOfItsPages() throws IOException {
    LtxHeader header = LtxFiles.checksummed(1024, 3, 1, 2, 2000, 0);
    Map<Long, byte[]> pages = pages(1024, 1, 0x91, 2, 0x82, 3, 0x93);

    byte[] right = LtxFiles.file(header, pages, 0x8a249272ad9f7deaL, LtxFiles.BLOCKS);
    byte[] wrong = LtxFiles.file(header, pages, 0x8a249272ad9f7debL, LtxFiles.BLOCKS);

    assertThat(LtxFiles.read(right)).hasSize(3);
    assertCorrupt(wrong, "PostApplyChecksum");
  }

  @Test
  void aDeletionMustHaveTheChecksumOfNothing() throws IOException {
    LtxHeader header = LtxFiles.checksummed(1024, 0, 4, 4, 2000, -9);

    byte[] right = LtxFiles.file(header, Map.of(), PageChecksum.FLAG, LtxFiles.BLOCKS);
    byte[] wrong = LtxFiles.file(header, Map.of(), PageChecksum.FLAG | 1, LtxFiles.BLOCKS);

    assertThat(LtxFiles.read(right)).isEmpty();
    assertCorrupt(wrong, "PostApplyChecksum");
  }

  @Test
  void aChecksumInAFileWithoutChecksumsIsCorrupt() {
    LtxHeader header = LtxFiles.header(512, 3, 2, 4);

    assertCorrupt(LtxFiles.file(header, Map.of(), -1, LtxFiles.BLOCKS), "PostApplyChecksum");
  }

  @Test
  void anIndexThatDiffersFromTheFramesIsCorrupt() {
    assertIndexLieIsFound(entries -> entries.get(1)[0] = 4);
    assertIndexLieIsFound(entries -> entries.get(1)[1]++);
    assertIndexLieIsFound(entries -> entries.get(1)[2]--);
    assertIndexLieIsFound(entries -> entries.get(2)[2]++);
    assertIndexLieIsFound(entries -> entries.get(0)[1] = -1);
    assertIndexLieIsFound(entries -> entries.get(0)[2] = Long.MIN_VALUE);
    assertIndexLieIsFound(entries -> entries.get(0)[0] = (1L << 32) + 2);
    assertIndexLieIsFound(entries -> entries.remove(0));
    assertIndexLieIsFound(entries -> entries.remove(2));
    assertIndexLieIsFound(entries -> entries.add(entries.get(2)));
    assertIndexLieIsFound(entries -> entries.add(new long[] {7, entries.get(2)[1], 99}));
    assertIndexLieIsFound(entries -> Collections.swap(entries, 0, 1));
    assertIndexLieIsFound(entries -> {
      entries.get(0)[2]++;
      entries.get(1)[1]++;
      entries.get(1)[2]--;
    });
  }

  private static void assertIndexLieIsFound(Consumer<List<long[]>> lie) {
    LtxHeader header = LtxFiles.header(512, 9, 2, 4);
    SortedMap<Long, byte[]> pages = pages(512, 2, 1, 3, 2, 5, 3);
    for (LtxFiles.Encoding encoding : List.of(LtxFiles.BLOCKS, LtxFiles.FRAMES)) {
      byte[] file = LtxFiles.file(header, pages, 0, encoding, lie);

      assertThatThrownBy(() -> LtxFiles.read(file))
          .isInstanceOf(Corrupt.class)
          .hasMessageContaining("page index");
      assertThatThrownBy(() -> LtxFiles.readChunks(file))
          .isInstanceOf(Corrupt.class)
          .hasMessageContaining("page index");
    }
  }

  @Test
  void aHugeBlockSizeIsRefusedWithoutRoomForIt() {
    byte[] file =
        LtxFiles.file(LtxFiles.header(512, 3, 2, 4), pages(512, 1, 1), 0, LtxFiles.BLOCKS);
    ByteBuffer.wrap(file).putInt(106, -1);

    assertCorrupt(file, "CompressedSize is invalid: 4294967295");
  }

  @Test
  void aHugeIndexLengthIsRefusedWithoutRoomForIt() {
    byte[] file =
        LtxFiles.file(LtxFiles.header(512, 3, 2, 4), pages(512, 1, 1), 0, LtxFiles.BLOCKS);
    for (long length : new long[] {-1, Long.MAX_VALUE, 1L << 40, 0}) {
      ByteBuffer.wrap(file).putLong(file.length - 24, length);

      assertCorrupt(file, "page index length");
    }
  }

  private static void assertCorrupt(LtxHeader header, Map<Long, byte[]> pages, String message) {
    assertCorrupt(LtxFiles.file(header, pages, 0, LtxFiles.FRAMES), message);
    assertCorrupt(LtxFiles.file(header, pages, 0, LtxFiles.BLOCKS), message);
  }

  private static void assertCorrupt(byte[] file, String message) {
    assertThatThrownBy(() -> LtxFiles.read(file))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining(message);
    assertThatThrownBy(() -> LtxFiles.readChunks(file))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining(message);
  }
}
