package dev.tidewal.fence;

import dev.tidewal.core.Txid;
import java.util.Optional;

/**
 * What a user decided by name, where a start refuses to decide.
 *
 * @param keep which side goes on when both have a history; the other side is kept aside
 * @param accepted the TXID below the floor that is accepted as the newest state; zero accepts an
 *     empty replica
 */
public record Choice(Optional<Side> keep, Optional<Txid> accepted) {
  public static final Choice NONE = new Choice(Optional.empty(), Optional.empty());

  /** A side of a divergence. */
  public enum Side {
    LOCAL,
    REPLICA
  }

  public static Choice keep(Side side) {
    return new Choice(Optional.of(side), Optional.empty());
  }

  public static Choice accept(Txid txid) {
    return new Choice(Optional.empty(), Optional.of(txid));
  }

  boolean keeps(Side side) {
    return keep.filter(side::equals).isPresent();
  }

  boolean accepts(Txid txid) {
    return accepted.filter(txid::equals).isPresent();
  }
}
