package dev.tidewal.fence;

import dev.tidewal.wal.WalPoint;
import java.util.Optional;

/**
 * Whether the local WAL continues from a point that the replica reached: the head's end, or the
 * recorded position.
 *
 * <p>Salts of a WAL that was restarted prove nothing, whatever their difference is (wal.c draws
 * them at random when another connection writes after a TRUNCATE).
 */
sealed interface Continuity {
  /**
   * The WAL has the point's salts, and at its offset the same running checksum.
   *
   * @param hasTail more was committed after it
   */
  record Proven(boolean hasTail) implements Continuity {}

  /** Nothing speaks against it, and nothing proves it. */
  record Unproven() implements Continuity {}

  /** The same WAL, but it ends before the point: frames were lost in a power loss. */
  record Behind() implements Continuity {}

  /** The local history is another one from some earlier point on. */
  record Forked(String why) implements Continuity {}

  /**
   * Compares.
   *
   * @param point where the replica is; empty when that is not known as a place in a WAL
   * @param inDatabaseFile every page up to that point is known to be in the database file itself
   * @param untouched the file was just restored to that point, and handed over before anyone wrote
   */
  static Continuity of(
      Optional<WalPoint> point, LocalWal wal, boolean inDatabaseFile, boolean untouched) {
    return switch (wal) {
      case LocalWal.None none when inDatabaseFile -> untouched ? new Proven(false) : new Unproven();
      case LocalWal.None none ->
          new Forked("the WAL is gone, and with it frames that may not be in the database file");
      case LocalWal.Successor later ->
          inDatabaseFile ? new Proven(later.hasTail()) : new Unproven();
      case LocalWal.Present present ->
          point.map(target -> compare(target, present)).orElseGet(Unproven::new);
    };
  }

  private static Continuity compare(WalPoint target, LocalWal.Present wal) {
    if (!target.hasSaltsOf(wal.end())) {
      return new Unproven();
    }
    if (wal.end().offset() < target.offset()) {
      return new Behind();
    }
    return wal.at(target.offset()).filter(target::equals).isPresent()
        ? new Proven(wal.end().offset() > target.offset())
        : new Forked("the WAL holds other frames than the replica from the same beginning");
  }
}
