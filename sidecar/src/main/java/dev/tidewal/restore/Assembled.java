package dev.tidewal.restore;

import dev.tidewal.ltx.LtxName;
import dev.tidewal.ltx.LtxSummary;
import java.util.List;

/**
 * A complete database in the temporary file, every object of which was verified.
 *
 * @param rolling rolling checksum of all its pages
 * @param files what the objects turned out to be, newest first
 */
record Assembled(long rolling, List<Read> files) {
  /** One object and what reading it found. */
  record Read(LtxName name, LtxSummary summary) {}

  int pageSize() {
    return files.getFirst().summary().header().pageSize();
  }

  long commit() {
    return files.getFirst().summary().header().commit();
  }

  long databaseBytes() {
    return commit() * pageSize();
  }
}
