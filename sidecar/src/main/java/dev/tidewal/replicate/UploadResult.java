package dev.tidewal.replicate;

import dev.tidewal.core.Position;

/** How the upload of one {@link Outgoing} ended. */
sealed interface UploadResult {
  /**
   * The store has it.
   *
   * @param snapshot whether there is a snapshot of it too, as of a batch with every page
   */
  record Durable(Position position, long sizeBytes, long pages, boolean snapshot)
      implements UploadResult {}

  /**
   * An earlier attempt of ours was there under this TXID, with less in it; it counts. What was to
   * be sent is sent again under the next TXID.
   */
  record EarlierAttempt(Position position) implements UploadResult {}

  /**
   * An earlier attempt of ours may still arrive under this TXID, with what was to be sent or less;
   * it does not count. What is sent next has to hold all of it.
   */
  record Passed(Position position) implements UploadResult {}

  /**
   * The right to append was had at last.
   *
   * @param gap what has to be sent before anything else
   */
  record Connected(Position position, Gap gap) implements UploadResult {}

  /** Not now. The outcome at the store may be unknown; trying again finds out. */
  record Failed(Exception reason) implements UploadResult {}

  /** Another owner has the replica. */
  record Fenced(String reason) implements UploadResult {}

  /** Nothing can go on from here: local state is unusable, or the start has to be decided anew. */
  record StartOver(String reason) implements UploadResult {}
}
