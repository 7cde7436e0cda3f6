package dev.tidewal.replicate;

import dev.tidewal.core.TidewalException;
import dev.tidewal.ltx.LtxReader;
import dev.tidewal.wal.WalPoint;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A capture that was written to local disk, because the WAL was full and the store did not take it.
 *
 * @param path an LTX file under a provisional TXID, the number of the spool file
 * @param number rises with each spool file; a merged one keeps the range {@code first..number}
 * @param sizeBytes of the file
 * @param pageCount pages in it
 * @param end the WAL point up to which it holds everything
 * @param oldestCommit when its oldest commit was noticed
 */
record SpoolFile(
    Path path,
    long first,
    long number,
    long sizeBytes,
    int pageSize,
    long commit,
    long pageCount,
    WalPoint end,
    Instant oldestCommit)
    implements PageSource {
  @Override
  public void pages(Sink sink) throws IOException {
    try (LtxReader reader = open()) {
      while (reader.next()) {
        sink.page(reader.pgno(), reader.page(), 0);
      }
      reader.finish();
    } catch (TidewalException.Corrupt e) {
      throw new IOException("spool file was damaged on disk: " + e.getMessage(), e);
    }
  }

  LtxReader open() throws IOException {
    return new LtxReader(
        new BufferedInputStream(Files.newInputStream(path), 1 << 16), path.toString());
  }
}
