package dev.tidewal.fence;

import dev.tidewal.core.Position;
import java.util.Optional;

/** What the pages of the local database say, WAL included. */
public sealed interface LocalContent {
  /** Nobody looked: it costs a read of the whole file, see {@link StartFacts#needs}. */
  record NotRead() implements LocalContent {}

  /**
   * Every page was read.
   *
   * @param checksum the rolling checksum of all pages
   * @param older an older position of the replica at which exactly this checksum was recorded
   */
  record Read(long checksum, Optional<Position> older) implements LocalContent {}
}
