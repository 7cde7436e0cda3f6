package dev.tidewal.compact;

import dev.tidewal.ltx.LtxName;
import java.util.Collection;
import java.util.TreeSet;

/**
 * Which TXIDs a restore can stop at, worked out the slow way: a snapshot is one, and every object
 * that begins at or before the TXID after one, and ends beyond it, ends at another.
 */
final class Reachability {
  private final TreeSet<Long> ends = new TreeSet<>();

  Reachability(Collection<LtxName> objects) {
    objects.stream()
        .filter(LtxName::isSnapshot)
        .forEach(snapshot -> ends.add(snapshot.max().value()));
    boolean grew = true;
    while (grew) {
      grew = false;
      for (LtxName object : objects) {
        Long before = ends.lower(object.max().value());
        if (before != null && before + 1 >= object.min().value()) {
          grew |= ends.add(object.max().value());
        }
      }
    }
  }

  boolean has(long txid) {
    return ends.contains(txid);
  }

  /** The newest TXID at or before this one, 0 without one. */
  long atOrBefore(long txid) {
    Long end = ends.floor(txid);
    return end == null ? 0 : end;
  }

  /** The oldest TXID after this one, {@link Long#MAX_VALUE} without one. */
  long after(long txid) {
    Long end = ends.higher(txid);
    return end == null ? Long.MAX_VALUE : end;
  }
}
