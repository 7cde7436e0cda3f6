package dev.tidewal.restore;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import java.time.Duration;
import java.util.Optional;

/** How one round of following ended. */
public sealed interface FollowStatus {
  /** The state that readers see. */
  Txid at();

  /**
   * Nothing newer is there.
   *
   * @param applied objects applied in this round
   */
  record UpToDate(Txid at, int applied) implements FollowStatus {}

  /** Newer objects are there, but not the ones right behind our state. Reported every round. */
  record Gap(Txid at, MissingRange missing) implements FollowStatus {}

  /** Readers held the database longer than we waited; the next round tries again. */
  record Busy(Txid at, Duration waited) implements FollowStatus {}

  /** The replica ends before our state: purged, or the wrong one. */
  record Ahead(Txid at, Optional<Txid> newest) implements FollowStatus {}

  /** Objects or the store failed; the next round tries again. */
  record Failed(Txid at, TidewalException reason) implements FollowStatus {}
}
