package dev.tidewal.ltx;

import static dev.tidewal.ltx.LtxFiles.pages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.TidewalException.Refused;
import dev.tidewal.core.Txid;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LtxMergeTest {
  @TempDir private Path scratch;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void theNewestVersionOfEachPageWins() throws IOException {
    merge(
        file(9, 2, 2, pages(512, 1, 1, 2, 1, 3, 1)),
        file(9, 3, 3, pages(512, 2, 2, 5, 2)),
        file(9, 4, 4, pages(512, 3, 3)));

    assertThat(fills()).isEqualTo(Map.of(1L, 1, 2L, 2, 3L, 3, 5L, 2));
  }

  @Test
  void theHeaderSpansTheInputs() throws IOException {
    LtxMerge.Result result =
        merge(file(9, 2, 4, pages(512, 1, 1)), file(12, 5, 8, pages(512, 2, 2)));

    LtxHeader header = result.summary().header();
    assertThat(header).isEqualTo(LtxFiles.header(512, 12, 2, 8));
    assertThat(result.summary().pages()).isEqualTo(2);
  }

  @Test
  void pagesAboveTheFinalCommitAreDropped() throws IOException {
    merge(file(9, 2, 2, pages(512, 1, 1, 9, 1)), file(5, 3, 3, pages(512, 5, 2)));

    assertThat(fills()).isEqualTo(Map.of(1L, 1, 5L, 2));
  }

  @Test
  void pagesCutOffByAShrinkInBetweenStayGoneWhenTheDatabaseGrowsAgain() throws IOException {
    merge(
        file(9, 2, 2, pages(512, 4, 1, 7, 1, 8, 1)),
        file(5, 3, 3, pages(512, 5, 2)),
        file(9, 4, 4, pages(512, 6, 3, 7, 3)));

    assertThat(fills()).isEqualTo(Map.of(4L, 1, 5L, 2, 6L, 3, 7L, 3));
  }

  @Test
  void aGapInTheChainIsCorrupt() {
    assertThatThrownBy(
            () -> merge(file(9, 2, 4, pages(512, 1, 1)), file(9, 6, 8, pages(512, 2, 2))))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining("don't follow");
  }

  @Test
  void anInputThatBringsNothingNewIsCorrupt() {
    assertThatThrownBy(
            () -> merge(file(9, 2, 4, pages(512, 1, 1)), file(9, 3, 4, pages(512, 2, 2))))
        .isInstanceOf(Corrupt.class);
  }

  @Test
  void overlappingInputsMerge() throws IOException {
    merge(file(9, 1, 4, snapshot(9)), file(9, 3, 6, pages(512, 2, 2)));

    assertThat(fills()).hasSize(9).containsEntry(2L, 2).containsEntry(3L, 1);
  }

  @Test
  void anotherPageSizeIsCorrupt() {
    byte[] other = LtxFiles.file(LtxFiles.header(1024, 9, 3, 3), Map.of(), 0, LtxFiles.BLOCKS);

    assertThatThrownBy(() -> merge(file(9, 2, 2, pages(512, 1, 1)), other))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining("PageSize");
  }

  @Test
  void aBrokenInputLeavesTheOutputUnfinished() {
    byte[] broken = file(9, 2, 2, pages(512, 1, 1));
    broken[broken.length - 1] ^= 1;

    assertThatThrownBy(() -> merge(broken, file(9, 3, 3, pages(512, 2, 2))))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining("FileChecksum");
    assertThatThrownBy(() -> LtxFiles.read(out.toByteArray())).isInstanceOf(Corrupt.class);
  }

  @Test
  void aSnapshotThatGrewWithoutItsNewPagesIsCorrupt() {
    assertThatThrownBy(() -> merge(file(3, 1, 4, snapshot(3)), file(9, 5, 5, pages(512, 5, 1))))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining("page 4 is missing");
    assertThatThrownBy(() -> merge(file(3, 1, 4, snapshot(3)), file(4, 5, 5, pages(512, 1, 1))))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining("3 pages of 4");
  }

  @Test
  void aMergeIntoADeletedDatabaseIsRefused() {
    byte[] deletion =
        LtxFiles.file(
            LtxFiles.checksummed(512, 0, 3, 3, 1, -1),
            Map.of(),
            PageChecksum.FLAG,
            LtxFiles.BLOCKS);

    assertThatThrownBy(() -> merge(file(9, 2, 2, pages(512, 1, 1)), deletion))
        .isInstanceOf(Refused.class);
  }

  @Test
  void aCallersHeaderKeepsTheWalFields() throws IOException {
    LtxHeader header =
        LtxHeader.of(512, 9, new Txid(7), new Txid(7), 99, new LtxHeader.WalSpan(32, 1000, 5, 6));
    List<LtxReader> inputs =
        readers(file(9, 2, 2, pages(512, 1, 1)), file(9, 3, 3, pages(512, 2, 2)));

    LtxMerge.merge(inputs, header, out, scratch);

    assertThat(LtxFiles.reader(out.toByteArray()).header()).isEqualTo(header);
  }

  /** Histories of growing and shrinking databases, in which every writer keeps DESIGN section 4. */
  @Test
  void aMergedChainIsTheDatabaseThatTheFilesMadeOneByOne() throws IOException {
    long seed = 20261120;
    for (int round = 0; round < 300; round++) {
      Random random = new Random(seed + round);
      List<byte[]> chain = new ArrayList<>();
      SortedMap<Long, byte[]> database = new TreeMap<>();
      int files = 1 + random.nextInt(8);
      for (int txid = 1; txid <= files; txid++) {
        chain.add(step(database, txid, random));
      }
      out.reset();

      LtxMerge.Result result = merge(chain.toArray(new byte[0][]));

      SortedMap<Long, byte[]> merged = LtxFiles.read(out.toByteArray());
      assertThat(merged.keySet()).describedAs("seed %d", seed + round).isEqualTo(database.keySet());
      merged.forEach((pgno, page) -> assertThat(page).isEqualTo(database.get(pgno)));
      assertThat(result.rollingChecksum()).isEqualTo(rolling(database));
    }
  }

  /** Changes the database and returns the file that says so, in a random encoding. */
  private static byte[] step(SortedMap<Long, byte[]> database, int txid, Random random) {
    long before = database.size();
    long commit = 1L + random.nextInt(30);
    SortedMap<Long, byte[]> changes = new TreeMap<>();
    for (long pgno = 1; pgno <= commit; pgno++) {
      if (pgno > before || random.nextInt(4) == 0) {
        byte[] page = LtxFiles.page(512, random.nextInt(256));
        random.nextBytes(page);
        Arrays.fill(page, 0, random.nextInt(512), (byte) 1);
        changes.put(pgno, page);
      }
    }
    database.putAll(changes);
    database.tailMap(commit + 1).clear();
    LtxFiles.Encoding encoding = random.nextBoolean() ? LtxFiles.BLOCKS : LtxFiles.FRAMES;
    return LtxFiles.file(LtxFiles.header(512, commit, txid, txid), changes, 0, encoding);
  }

  private static long rolling(SortedMap<Long, byte[]> database) {
    long rolling = PageChecksum.FLAG;
    for (Map.Entry<Long, byte[]> page : database.entrySet()) {
      rolling =
          PageChecksum.toggle(rolling, PageChecksum.of(page.getKey(), page.getValue(), 0, 512));
    }
    return rolling;
  }

  private static SortedMap<Long, byte[]> snapshot(int pages) {
    SortedMap<Long, byte[]> all = new TreeMap<>();
    for (long pgno = 1; pgno <= pages; pgno++) {
      all.put(pgno, LtxFiles.page(512, 1));
    }
    return all;
  }

  private static byte[] file(long commit, long min, long max, Map<Long, byte[]> pages) {
    return LtxFiles.file(LtxFiles.header(512, commit, min, max), pages, 0, LtxFiles.BLOCKS);
  }

  private LtxMerge.Result merge(byte[]... files) throws IOException {
    return LtxMerge.merge(readers(files), out, scratch);
  }

  private static List<LtxReader> readers(byte[]... files) throws IOException {
    List<LtxReader> readers = new ArrayList<>();
    for (int i = 0; i < files.length; i++) {
      readers.add(new LtxReader(new ByteArrayInputStream(files[i]), "file " + i));
    }
    return readers;
  }

  /** First byte of each page of the output. */
  private Map<Long, Integer> fills() throws IOException {
    Map<Long, Integer> fills = new TreeMap<>();
    LtxFiles.read(out.toByteArray()).forEach((pgno, page) -> fills.put(pgno, (int) page[0]));
    return fills;
  }
}
