package dev.tidewal.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.ByteSize;
import dev.tidewal.wal.WalPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
  private static final WalPoint END = new WalPoint(1, 2, 4152, 3, 4);

  @TempDir private Path directory;

  @Test
  void aSpooledCaptureReadsBackPageByPage() throws IOException {
    Spool spool = open();
    spool.add(new Pages(9, 3, 7), END, Instant.EPOCH);

    List<String> pages = new ArrayList<>();
    spool
        .oldest()
        .orElseThrow()
        .pages((pgno, bytes, offset) -> pages.add(pgno + "=" + bytes[offset]));

    assertThat(pages).containsExactly("3=3", "7=7");
    assertThat(spool.oldest().orElseThrow().end()).isEqualTo(END);
  }

  @Test
  void aFailedWriteLeavesNoFile() throws IOException {
    Spool spool = open();
    PageSource broken =
        new Pages(9, 3) {
          @Override
          public void pages(Sink sink) throws IOException {
            super.pages(sink);
            throw new IOException("disk full");
          }
        };

    assertThatThrownBy(() -> spool.add(broken, END, Instant.EPOCH)).hasMessage("disk full");

    assertThat(directory.resolve("spool")).isEmptyDirectory();
    assertThat(spool.isEmpty()).isTrue();
  }

  @Test
  void whatAnEarlierProcessLeftIsDeleted() throws IOException {
    open().add(new Pages(9, 3), END, Instant.EPOCH);

    assertThat(open().isEmpty()).isTrue();
    assertThat(directory.resolve("spool")).isEmptyDirectory();
  }

  @Test
  void aFencedTailIsKeptAside() throws IOException {
    Spool spool = open();
    spool.add(new Pages(9, 3), END, Instant.EPOCH);

    spool.keepIn(directory.resolve("branch"));

    assertThat(directory.resolve("branch"))
        .isDirectoryContaining(path -> path.toString().endsWith(".ltx"));
    assertThat(spool.isEmpty()).isTrue();
  }

  @Test
  void allDatabasesShareOneBudget() throws IOException {
    SpoolBudget shared = new SpoolBudget(new ByteSize(4 * 512));
    Spool one = Spool.open(directory.resolve("one"), directory, shared);
    Spool two = Spool.open(directory.resolve("two"), directory, shared);
    one.add(new Pages(9, 3, 4, 5), END, Instant.EPOCH);
    assertThat(two.limitBytes()).isLessThan(4 * 512);
    assertThat(one.limitBytes()).isEqualTo(4 * 512);

    assertThatThrownBy(() -> two.add(new Pages(9, 1, 2, 3, 4), END, Instant.EPOCH))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("for all databases");
    assertThat(two.isEmpty()).isTrue();

    one.remove(one.oldest().orElseThrow());
    two.add(new Pages(9, 1, 2, 3, 4), END, Instant.EPOCH);
    assertThat(shared.limitBytes(directory.resolve("one"))).isEqualTo(4 * 512 - two.sizeBytes());
  }

  @Test
  void whatAnEndedRunLeftOnDiskCountsUntilItIsOpenedAgain() throws IOException {
    SpoolBudget shared = new SpoolBudget(new ByteSize(2048));
    Spool ended = Spool.open(directory.resolve("one"), directory, shared);
    ended.add(new Pages(9, 3, 4), END, Instant.EPOCH);
    Spool two = Spool.open(directory.resolve("two"), directory, shared);
    assertThat(two.limitBytes()).isLessThan(2048);

    Spool again = Spool.open(directory.resolve("one"), directory, shared);

    assertThat(again.isEmpty()).isTrue();
    assertThat(two.limitBytes()).isEqualTo(2048);
  }

  private Spool open() throws IOException {
    return Spool.open(
        Files.createDirectories(directory.resolve("spool")),
        directory,
        new SpoolBudget(ByteSize.ofMebibytes(1)));
  }

  /** Pages of 512 bytes, each filled with its own number. */
  private static class Pages implements PageSource {
    private final long commit;
    private final int[] pgnos;

    Pages(long commit, int... pgnos) {
      this.commit = commit;
      this.pgnos = pgnos;
    }

    @Override
    public int pageSize() {
      return 512;
    }

    @Override
    public long commit() {
      return commit;
    }

    @Override
    public long pageCount() {
      return pgnos.length;
    }

    @Override
    public void pages(Sink sink) throws IOException {
      byte[] page = new byte[512];
      for (int pgno : pgnos) {
        Arrays.fill(page, (byte) pgno);
        sink.page(pgno, page, 0);
      }
    }
  }
}
