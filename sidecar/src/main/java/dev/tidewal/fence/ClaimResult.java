package dev.tidewal.fence;

/** How a claim ended. */
public sealed interface ClaimResult {
  /** The replica is ours. */
  record Claimed(Chain chain) implements ClaimResult {}

  /** The head is another one than the decision was made on: read it and decide again. */
  record DecideAgain(String why) implements ClaimResult {}
}
