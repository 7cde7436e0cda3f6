package dev.tidewal.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.Position;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.PageChecksum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageChecksumsTest {
  @TempDir Path directory;

  @Test
  void anUpdateChangesEntriesOnlyWhenItIsApplied() throws IOException {
    try (PageChecksums checksums = open()) {
      PageChecksums.Update update = checksums.update();
      update.add(1, sum(1));
      update.add(3, sum(3));
      long after = update.rollingAfter(3);

      assertThat(checksums.get(1)).isZero();
      assertThat(checksums.rolling()).isEqualTo(PageChecksum.FLAG);

      update.apply(at(1, after, 3));

      assertThat(checksums.get(1)).isEqualTo(sum(1));
      assertThat(checksums.get(2)).isZero();
      assertThat(checksums.get(3)).isEqualTo(sum(3));
      assertThat(checksums.get(4)).isZero();
      assertThat(checksums.rolling()).isEqualTo(PageChecksum.FLAG | (sum(1) ^ sum(3)));
    }
  }

  @Test
  void theFileEndsWithTheLastPageWhetherTheDatabaseGrowsOrShrinks() throws IOException {
    try (PageChecksums checksums = open()) {
      for (int commit : new int[] {3, 700, 701, 2}) {
        PageChecksums.Update update = checksums.update();
        update.add(commit, sum(commit));
        update.apply(at(commit, update.rollingAfter(commit), commit));

        assertThat(Files.size(directory.resolve("page-checksums")))
            .isEqualTo(PageChecksums.ENTRIES + commit * 8L);
      }
    }
  }

  @Test
  void aDiscardedUpdateLeavesNothing() throws IOException {
    try (PageChecksums checksums = open()) {
      PageChecksums.Update update = checksums.rewrite();
      update.add(1, sum(1));
      update.discard();

      assertThat(checksums.get(1)).isZero();
      assertThat(names()).containsExactly("page-checksums");
    }
  }

  @Test
  void entriesAboveTheCommitAreDroppedAndComeBackUnknown() throws IOException {
    try (PageChecksums checksums = open()) {
      apply(checksums, 1, 5, 1, 2, 3, 4, 5);
      apply(checksums, 2, 2, 1);
      assertThat(checksums.get(3)).isZero();
      assertThat(checksums.rolling()).isEqualTo(PageChecksum.FLAG | (sum(1) ^ sum(2)));

      apply(checksums, 3, 5, 5);

      assertThat(checksums.get(4)).isZero();
      assertThat(checksums.get(5)).isEqualTo(sum(5));
    }
  }

  @Test
  void everythingIsThereAfterClose() throws IOException {
    long rolling;
    try (PageChecksums checksums = open()) {
      rolling = apply(checksums, 9, 700, pages(1, 700));
    }
    try (PageChecksums checksums = open()) {
      assertThat(checksums.at()).contains(at(9, rolling, 700));
      assertThat(checksums.isAtHeader()).isTrue();
      assertThat(checksums.rolling()).isEqualTo(rolling);
      assertThat(checksums.get(700)).isEqualTo(sum(700));
    }
  }

  @Test
  void theHeaderAdvancesWithSyncAndNotWithApply() throws IOException {
    try (PageChecksums checksums = open()) {
      long first = apply(checksums, 1, 1, 1);
      checksums.sync();
      apply(checksums, 2, 2, 2);

      assertThat(checksums.at()).contains(at(1, first, 1));
      try (PageChecksums crashed = openCopy()) {
        assertThat(crashed.at()).contains(at(1, first, 1));
        assertThat(crashed.isAtHeader()).isFalse();
        assertThat(crashed.rolling()).isEqualTo(checksums.rolling());
      }
    }
  }

  @Test
  void theHeaderLagsByABoundedNumberOfObjects() throws IOException {
    try (PageChecksums checksums = open()) {
      for (int txid = 1; txid <= 64; txid++) {
        apply(checksums, txid, 1, 1);
      }

      assertThat(checksums.at().orElseThrow().position().txid()).isEqualTo(new Txid(64));
    }
  }

  @Test
  void aHeaderTornAtAnyByteIsTheOneBefore() throws IOException {
    long first;
    byte[] before;
    byte[] after;
    try (PageChecksums checksums = open()) {
      first = apply(checksums, 1, 1, 1);
      checksums.sync();
      apply(checksums, 2, 1, 1);
      before = Files.readAllBytes(directory.resolve("page-checksums"));
      checksums.sync();
      after = Files.readAllBytes(directory.resolve("page-checksums"));
    }
    for (int torn = 0; torn < ChecksumHeader.SLOT_SIZE - 4; torn++) {
      byte[] bytes = before.clone();
      System.arraycopy(after, 0, bytes, 0, torn);
      Files.write(directory.resolve("copy"), bytes);

      try (PageChecksums checksums = PageChecksums.open(directory.resolve("copy"), directory)) {
        assertThat(checksums.at()).as("%d bytes", torn).contains(at(1, first, 1));
      }
    }
  }

  @Test
  void withoutAGoodHeaderNothingIsKnown() throws IOException {
    try (PageChecksums checksums = open()) {
      apply(checksums, 1, 2, 1, 2);
    }
    try (FileChannel channel =
        FileChannel.open(directory.resolve("page-checksums"), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(4096), 0);
    }
    try (PageChecksums checksums = open()) {
      assertThat(checksums.at()).isEmpty();
      assertThat(checksums.get(1)).isZero();
      assertThat(checksums.rolling()).isEqualTo(PageChecksum.FLAG);
    }
  }

  @Test
  void aRewriteReplacesTheFileWithItsHeader() throws IOException {
    try (PageChecksums checksums = open()) {
      apply(checksums, 1, 9, pages(1, 9));
      PageChecksums.Update update = checksums.rewrite();
      update.add(1, 77);
      update.add(3, 78);
      long rolling = update.rollingAfter(3);
      assertThat(checksums.get(2)).isEqualTo(sum(2));

      update.apply(at(2, rolling, 3));

      assertThat(checksums.at()).contains(at(2, rolling, 3));
      assertThat(checksums.get(2)).isZero();
      assertThat(checksums.get(3)).isEqualTo(78);
      apply(checksums, 3, 4, 4);
    }
    try (PageChecksums checksums = open()) {
      assertThat(checksums.at().orElseThrow().position().txid()).isEqualTo(new Txid(3));
      assertThat(checksums.get(4)).isEqualTo(sum(4));
    }
  }

  @Test
  void pagesThatDontGiveTheObjectsChecksumAreRefused() throws IOException {
    try (PageChecksums checksums = open()) {
      PageChecksums.Update update = checksums.update();
      update.add(1, sum(1));

      assertThatThrownBy(() -> update.apply(at(1, 4711, 1)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> update.add(1, sum(1))).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(checksums::update).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aHugeUpdateSpillsAndGivesTheSame() throws IOException {
    int pages = 3 * (ChecksumDelta.LAST_BYTES / 12) + 5;
    try (PageChecksums checksums = open()) {
      PageChecksums.Update update = checksums.update();
      long rolling = PageChecksum.FLAG;
      for (int i = 1; i <= pages; i++) {
        update.add(2L * i, sum(2L * i));
        rolling = PageChecksum.toggle(rolling, sum(2L * i));
      }
      assertThat(update.rollingAfter(2L * pages)).isEqualTo(rolling);
      update.apply(at(1, rolling, 2L * pages));

      for (int i = 1; i <= pages; i++) {
        assertThat(checksums.get(2L * i)).isEqualTo(sum(2L * i));
        assertThat(checksums.get(2L * i - 1)).isZero();
      }
      assertThat(names()).containsExactly("page-checksums");
    }
  }

  @Test
  void anyRunOfUpdatesEqualsAMapOfPages() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    SortedMap<Long, Long> model = new TreeMap<>();
    PageChecksums checksums = open();
    for (int round = 1; round <= 400; round++) {
      long commit = 1 + random.nextLong(3000);
      SortedMap<Long, Long> changed = new TreeMap<>();
      boolean all = random.nextInt(20) == 0;
      for (long i = 0, n = all ? commit : random.nextInt(200); i < n; i++) {
        changed.put(
            all ? i + 1 : 1 + random.nextLong(commit), PageChecksum.FLAG | random.nextLong());
      }
      PageChecksums.Update update = all ? checksums.rewrite() : checksums.update();
      for (Map.Entry<Long, Long> page : changed.entrySet()) {
        update.add(page.getKey(), page.getValue());
      }
      model = new TreeMap<>(all ? new TreeMap<>() : model.headMap(commit + 1));
      model.putAll(changed);
      long expected =
          PageChecksum.FLAG | model.values().stream().reduce(0L, (left, right) -> left ^ right);
      assertThat(update.rollingAfter(commit))
          .as("seed %d round %d", seed, round)
          .isEqualTo(expected);
      update.apply(at(round, expected, commit));
      if (random.nextInt(10) == 0) {
        checksums.close();
        checksums = open();
      }
      for (int i = 0; i < 50; i++) {
        long pgno = 1 + random.nextLong(3100);
        assertThat(checksums.get(pgno))
            .as("seed %d round %d page %d", seed, round, pgno)
            .isEqualTo(model.getOrDefault(pgno, 0L));
      }
    }
    checksums.close();
  }

  private PageChecksums open() throws IOException {
    return PageChecksums.open(directory.resolve("page-checksums"), directory);
  }

  /** What a process that starts after a crash would find. */
  private PageChecksums openCopy() throws IOException {
    Path copy = directory.resolve("copy");
    Files.copy(directory.resolve("page-checksums"), copy);
    return PageChecksums.open(copy, directory);
  }

  private Iterable<String> names() throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static long apply(PageChecksums checksums, long txid, long commit, long... pages)
      throws IOException {
    PageChecksums.Update update = checksums.update();
    for (long page : pages) {
      update.add(page, sum(page));
    }
    long rolling = update.rollingAfter(commit);
    update.apply(at(txid, rolling, commit));
    return rolling;
  }

  private static long[] pages(long first, long last) {
    return java.util.stream.LongStream.rangeClosed(first, last).toArray();
  }

  private static PageChecksums.At at(long txid, long rolling, long commit) {
    return new PageChecksums.At(new Position(new Txid(txid), rolling), 1, 2, 4096, commit);
  }

  private static long sum(long pgno) {
    return PageChecksum.FLAG | (pgno * 0x9e3779b97f4a7c15L);
  }
}
