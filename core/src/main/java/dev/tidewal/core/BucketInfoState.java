package dev.tidewal.core;

/** What a look at a mounted Secret found. */
public sealed interface BucketInfoState {
  /** The Secret is there and complete. */
  record Ready(BucketInfo info) implements BucketInfoState {}

  /**
   * Nothing there yet. COSI may wait without limit for a driver, and creates the Secret empty
   * before access is granted: look again later.
   *
   * @param reason what is missing and where, one line
   */
  record NotReady(String reason) implements BucketInfoState {}
}
