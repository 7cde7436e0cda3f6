package dev.tidewal.replicate;

import dev.tidewal.fence.Chain;
import java.io.IOException;

/** The way to the right to append to the first destination. */
@FunctionalInterface
public interface Authority {
  /** What an attempt gave. */
  sealed interface Answer {
    /**
     * The right is ours.
     *
     * @param gap what has to be sent first
     */
    record Granted(Chain chain, Gap gap) implements Answer {}

    /** The start has to be decided anew, with the database closed. */
    record StartOver(String reason) implements Answer {}
  }

  /**
   * Decides and claims.
   *
   * @throws dev.tidewal.core.TidewalException.StoreUnreachable to be asked again later
   * @throws dev.tidewal.core.TidewalException.Fenced when another owner has the replica
   */
  Answer claim() throws IOException;
}
