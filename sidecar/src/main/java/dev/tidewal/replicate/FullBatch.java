package dev.tidewal.replicate;

import dev.tidewal.database.Capture;
import dev.tidewal.fence.Batch;
import dev.tidewal.fence.StoredBatch;
import dev.tidewal.state.PageChecksums;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The first object of a replica: every page of a live database, as the claim of an empty prefix.
 */
public final class FullBatch {
  private FullBatch() {}

  /**
   * A batch of every page.
   *
   * @param all a full capture, outstanding until the claim has ended
   * @param update a rewrite, filled here; the caller applies it after the claim
   * @param scratch for an index that outgrows its buffer
   */
  public static Batch of(Capture all, PageChecksums.Update update, Instant timestamp, Path scratch)
      throws IOException {
    Outgoing out =
        new Outgoing(
            new CapturedSource(all),
            all.from(),
            all.to(),
            true,
            all.walBytes(),
            all.oldestCommit(),
            Outgoing.Kind.STREAM);
    return ObjectBatch.of(out, update, timestamp, scratch);
  }

  /** What the page checksums are at, once the object is stored. */
  public static PageChecksums.At at(StoredBatch stored) {
    return ChecksumCatchUp.at(stored.position(), stored.end(), stored.pageSize(), stored.commit());
  }
}
