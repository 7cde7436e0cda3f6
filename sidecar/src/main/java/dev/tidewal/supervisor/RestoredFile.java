package dev.tidewal.supervisor;

import dev.tidewal.core.TidewalException;
import dev.tidewal.fence.StoredBatch;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.PageChecksum;
import dev.tidewal.replicate.FullBatch;
import dev.tidewal.state.PageChecksums;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Fills the page-checksum file from a database file that was just restored, before anyone opens it.
 */
final class RestoredFile {
  private RestoredFile() {}

  /**
   * @throws TidewalException.Corrupt when the file is not what the head records
   */
  static void record(Path database, StoredBatch head, PageChecksums checksums) throws IOException {
    byte[] page = new byte[head.pageSize()];
    long lockPage = LtxHeader.lockPage(head.pageSize());
    try (InputStream in = new BufferedInputStream(Files.newInputStream(database), 1 << 20);
        PageChecksums.Update update = checksums.rewrite()) {
      for (long pgno = 1; pgno <= head.commit(); pgno++) {
        if (in.readNBytes(page, 0, page.length) != page.length) {
          throw new TidewalException.Corrupt(
              database + " is shorter than " + head.position() + " says; restore again");
        }
        if (pgno != lockPage) {
          update.add(pgno, PageChecksum.of(pgno, page, 0, page.length));
        }
      }
      long rolling = update.rollingAfter(head.commit());
      if (head.position().hasChecksum() && rolling != head.position().checksum()) {
        throw new TidewalException.Corrupt(
            database
                + " is not the state that was recorded for "
                + head.position()
                + "; restore again");
      }
      update.apply(FullBatch.at(head));
    }
  }
}
