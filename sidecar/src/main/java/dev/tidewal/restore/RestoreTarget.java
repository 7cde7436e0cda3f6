package dev.tidewal.restore;

import dev.tidewal.core.Txid;
import java.time.Instant;

/** The state that a restore is asked for. */
public sealed interface RestoreTarget {
  /** The newest state; nothing may be missing before it. */
  record Latest() implements RestoreTarget {
    @Override
    public String toString() {
      return "latest";
    }
  }

  /**
   * The state after a TXID, or after the last one before it that the replica can still reach.
   *
   * @param txid at least 1
   */
  record AtTxid(Txid txid) implements RestoreTarget {
    public AtTxid {
      if (txid.isZero()) {
        throw new IllegalArgumentException("TXID 0 is the empty database");
      }
    }

    @Override
    public String toString() {
      return "TXID " + txid;
    }
  }

  /** The newest state that was recorded at or before a moment. */
  record AtTime(Instant time) implements RestoreTarget {
    @Override
    public String toString() {
      return time.toString();
    }
  }

  RestoreTarget LATEST = new Latest();
}
