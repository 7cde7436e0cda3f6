package dev.tidewal.database;

import dev.tidewal.core.TidewalException;
import dev.tidewal.database.DatabaseSettings.Conversion;
import dev.tidewal.ltx.PageChecksum;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * What a database holds at one moment, as its rolling checksum: that of the last commit, wherever
 * its pages are.
 *
 * @param pageSize bytes
 * @param pages size in pages
 * @param wal whether it is in WAL mode
 * @param checksum LTX's rolling checksum of all pages but the lock page
 */
public record DatabaseContent(int pageSize, long pages, boolean wal, long checksum) {
  private static final int ATTEMPTS = 1000;

  /**
   * Reads a whole database under a read transaction of its own; changes nothing.
   *
   * @param progress told how many bytes were read since the last call
   * @throws TidewalException.NotFound when there is no file, or an empty one
   * @throws TidewalException.Refused when it is not a database
   * @throws IOException when SQLite can't read it, for example because it is locked
   */
  public static DatabaseContent read(Path path, LongConsumer progress) throws IOException {
    return switch (DatabaseLook.at(path)) {
      case DatabaseLook.Missing() -> throw new TidewalException.NotFound(path + " does not exist");
      case DatabaseLook.Empty() -> throw new TidewalException.NotFound(path + " is still empty");
      case DatabaseLook.Database found ->
          found.wal() ? withWal(path, progress) : inRollbackMode(path, found.pageSize(), progress);
    };
  }

  private static DatabaseContent withWal(Path path, LongConsumer progress) throws IOException {
    DatabaseSettings settings = DatabaseSettings.DEFAULTS.withConversion(Conversion.REFUSED);
    try (LiveDatabase live = LiveDatabase.open(path, settings, Continuity.Recorded.NOTHING)) {
      Capture all = live.full();
      Sum sum = new Sum(all.pageSize(), progress);
      all.pages(sum);
      live.abandon(all);
      return new DatabaseContent(all.pageSize(), all.commit(), true, sum.rolling);
    }
  }

  private static DatabaseContent inRollbackMode(Path path, int pageSize, LongConsumer progress)
      throws IOException {
    try (DatabaseFile file = DatabaseFile.open(path);
        WalFile none = new WalFile(path);
        SqliteConnection reader = SqliteConnection.readOnly(path)) {
      for (int attempt = 1; !reader.pin(); attempt++) {
        if (attempt == ATTEMPTS) {
          throw new DatabaseLocked();
        }
        Pause.millis(1);
      }
      long pages = file.pages(pageSize);
      Sum sum = new Sum(pageSize, progress);
      WholeDatabase.all(pages, pageSize, new PageMap(), none, file).forEach(sum);
      return new DatabaseContent(pageSize, pages, false, sum.rolling);
    }
  }

  private static final class Sum implements PageSink {
    private final int pageSize;
    private final LongConsumer progress;
    private long rolling = PageChecksum.FLAG;

    Sum(int pageSize, LongConsumer progress) {
      this.pageSize = pageSize;
      this.progress = progress;
    }

    @Override
    public void page(long pgno, byte[] page, int offset) {
      rolling = PageChecksum.toggle(rolling, PageChecksum.of(pgno, page, offset, pageSize));
      progress.accept(pageSize);
    }
  }
}
