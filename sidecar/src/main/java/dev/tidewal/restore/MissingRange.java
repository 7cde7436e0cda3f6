package dev.tidewal.restore;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.util.Optional;

/**
 * TXIDs that no object of a replica holds although later ones are there.
 *
 * @param from first TXID missing
 * @param to last TXID missing
 * @param before the object that ends before the gap; empty when the state before it came from
 *     elsewhere, or even a snapshot to start from is missing
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
    String where =
        before
            .map(name -> ", between " + name + " and " + after)
            .orElse(
                from.equals(Txid.FIRST)
                    ? ": there is no snapshot before " + after
                    : ", before " + after);
    return what + " missing" + where;
  }
}
