package dev.tidewal.restore;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.time.Instant;

/** Watches a read replica. Called from the thread that follows. */
public interface FollowListener {
  FollowListener NONE = new FollowListener() {};

  /** The database was restored and is followed from here. */
  default void restored(RestoreReport report) {}

  /** The file existed and is followed from where it was left. */
  default void resumed(Txid at) {}

  /**
   * Readers see a new state.
   *
   * @param recorded when the writer recorded it
   */
  default void applied(LtxName object, Instant recorded) {}

  /** An object could not be used; another one is tried, or it is tried again later. */
  default void broken(String reason) {}

  /** A round ended. */
  default void round(FollowStatus status) {}
}
