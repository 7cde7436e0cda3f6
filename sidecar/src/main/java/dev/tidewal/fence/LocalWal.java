package dev.tidewal.fence;

import dev.tidewal.wal.WalPoint;
import java.util.List;
import java.util.Optional;

/** What the local WAL shows of the past. */
public sealed interface LocalWal {
  /** No WAL file, an empty one, or one without a valid header. */
  record None() implements LocalWal {}

  /**
   * Nobody wrote to the database file since all that was acknowledged was in it, so everything
   * later is in the WAL, which began after that.
   *
   * @param hasTail there is something later
   */
  record Successor(boolean hasTail) implements LocalWal {}

  /**
   * A WAL with a valid header.
   *
   * @param end the end of the last committed frame; the end of the header when there is none
   * @param known the running checksum at each of {@link StartFacts#walOffsets} at which a committed
   *     frame (or the header) ends
   */
  record Present(WalPoint end, List<WalPoint> known) implements LocalWal {
    public Present {
      known = List.copyOf(known);
    }

    Optional<WalPoint> at(long offset) {
      return end.offset() == offset
          ? Optional.of(end)
          : known.stream().filter(point -> point.offset() == offset).findFirst();
    }
  }
}
