package dev.tidewal.replicate;

import dev.tidewal.core.Position;

/** How the upload of one {@link Outgoing} ended. */
sealed interface UploadResult {
  /** The store has it. */
  record Durable(Position position, long sizeBytes, long pages) implements UploadResult {}

  /**
   * An earlier attempt of ours was there under this TXID, with less in it; it counts. What was to
   * be sent is sent again under the next TXID.
   */
  record EarlierAttempt(Position position) implements UploadResult {}

  /** Not now. The outcome at the store may be unknown; trying again finds out. */
  record Failed(Exception reason) implements UploadResult {}

  /** Another owner has the replica. */
  record Fenced(String reason) implements UploadResult {}
}
