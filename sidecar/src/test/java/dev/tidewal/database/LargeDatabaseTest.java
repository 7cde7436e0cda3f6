package dev.tidewal.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.database.Continuity.Recorded;
import dev.tidewal.ltx.LtxHeader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases beyond 1 GiB, where the lock page is. */
class LargeDatabaseTest {
  @TempDir Path directory;

  @Test
  void theLockPageIsNeverCaptured() throws Exception {
    int pageSize = 4096;
    long lockPage = LtxHeader.lockPage(pageSize);
    Path database = directory.resolve("app.db");
    try (Application application = sparse(database, pageSize, lockPage - 3);
        LiveDatabase live = LiveDatabase.open(database, Following.EAGER, Recorded.NOTHING)) {
      Capture all = live.full();
      assertThat(all.commit()).isEqualTo(lockPage - 3);
      assertThat(all.pageCount()).isEqualTo(lockPage - 3);
      live.settle(all);

      application.insert(20, pageSize);
      Capture across = live.capture(Long.MAX_VALUE).orElseThrow();
      Set<Long> pages = pages(across);
      live.settle(across);
      Capture allAgain = live.full();

      assertThat(across.commit()).isGreaterThan(lockPage + 10);
      assertThat(pages).contains(lockPage - 1, lockPage + 1).doesNotContain(lockPage);
      assertThat(allAgain.pageCount()).isEqualTo(across.commit() - 1);
      assertThat(pages(allAgain)).hasSize((int) across.commit() - 1).doesNotContain(lockPage);
    }
  }

  private static Set<Long> pages(Capture capture) throws IOException {
    Set<Long> pages = new HashSet<>();
    capture.pages((pgno, _, _) -> pages.add(pgno));
    return pages;
  }

  /** A database of so many pages, nearly all of them unused and not on disk. */
  private static Application sparse(Path database, int pageSize, long pages) throws IOException {
    try (Application application = Application.start(database)) {
      application.open("main", 1000);
      application.sql("pragma page_size=" + pageSize);
      application.sql("pragma journal_mode=wal");
      application.sql("create table t(id integer primary key, x)");
      application.closeConnection("main");
    }
    try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
      file.seek(28);
      file.writeInt((int) pages);
      file.setLength(pages * pageSize);
    }
    Application application = Application.start(database);
    application.open("main", 1000);
    return application;
  }
}
