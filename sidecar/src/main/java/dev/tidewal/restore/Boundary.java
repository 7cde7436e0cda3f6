package dev.tidewal.restore;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;

/**
 * Why a plan ends before the state that was asked for: the TXIDs in between are only left inside an
 * object that goes on beyond it.
 *
 * @param reached the last TXID that can be restored exactly
 * @param asked the last TXID of the state that was asked for
 * @param inside the object that holds them
 */
public record Boundary(Txid reached, Txid asked, LtxName inside) {
  @Override
  public String toString() {
    return "TXIDs "
        + reached.next()
        + " to "
        + asked
        + " are left only inside "
        + inside
        + ", which ends later than asked; nearest earlier boundary: "
        + reached;
  }
}
