package dev.tidewal.database;

/**
 * A capture that was handed out, or is about to be.
 *
 * @param next where the stream is once it is settled
 */
record Outstanding(Capture capture, Base next) {
  /** The same to be handed out anew. */
  Outstanding again() {
    return new Outstanding(capture.again(), next);
  }
}
