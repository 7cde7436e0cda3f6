package dev.tidewal.operator.cosi;

/** Whether pods can have the name and the credentials of a bucket. */
public sealed interface BucketState {
  /** What status shows. */
  String shown();

  /** As far as the cluster knows, a sidecar can use it. */
  record Ready(String shown) implements BucketState {}

  /**
   * Not yet, or never.
   *
   * @param reason CamelCase
   * @param message with what is waited for, or the cure
   */
  record NotReady(String shown, String reason, String message) implements BucketState {}
}
