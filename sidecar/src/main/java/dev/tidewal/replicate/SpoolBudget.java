package dev.tidewal.replicate;

import dev.tidewal.core.ByteSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Local disk for the spools of all databases of a process together: whoever comes first has it.
 * What a spool of an ended run left on disk counts until that spool is opened again. Thread-safe.
 */
public final class SpoolBudget {
  private final ByteSize total;
  private final Map<Path, Long> held = new HashMap<>();

  public SpoolBudget(ByteSize total) {
    this.total = total;
  }

  public long totalBytes() {
    return total.bytes();
  }

  /** What one spool may hold in all, beside what the others hold. */
  synchronized long limitBytes(Path spool) {
    long all = held.values().stream().mapToLong(Long::longValue).sum();
    return Math.max(0, total.bytes() - all + held.getOrDefault(spool, 0L));
  }

  /**
   * Takes room before it is written to.
   *
   * @param bytes what the spool will hold in all
   * @throws IOException when that is more than its limit
   */
  synchronized void reserve(Path spool, long bytes) throws IOException {
    if (bytes > limitBytes(spool)) {
      throw new IOException("the spool limit of " + total + " for all databases is used up");
    }
    held.put(spool, bytes);
  }

  /** What a spool holds now, in files. */
  synchronized void holds(Path spool, long bytes) {
    held.put(spool, bytes);
  }
}
