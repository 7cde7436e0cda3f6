package dev.tidewal.restore;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.util.Optional;

/**
 * TXIDs that no object of a replica holds although later ones are there.
 *
 * @param from first TXID missing
 * @param to last TXID missing
 * @param before the object that ends before the gap; empty when even a snapshot to start from is
 *     missing
 * @param after the first object behind the gap
 */
public record MissingRange(Txid from, Txid to, Optional<LtxName> before, LtxName after) {
  public MissingRange {
    if (to.isBefore(from)) {
      throw new IllegalArgumentException("no TXID between " + from + " and " + to);
    }
  }

  /** "TXIDs a to b are missing, between X and Y". */
  @Override
  public String toString() {
    String what = from.equals(to) ? "TXID " + from + " is" : "TXIDs " + from + " to " + to + " are";
    return before
        .map(name -> what + " missing, between " + name + " and " + after)
        .orElse(what + " missing: there is no snapshot before " + after);
  }
}
