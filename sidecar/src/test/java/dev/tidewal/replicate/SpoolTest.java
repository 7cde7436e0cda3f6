package dev.tidewal.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

  private Spool open() throws IOException {
    return Spool.open(Files.createDirectories(directory.resolve("spool")), directory);
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
