package dev.tidewal.fence;

/** The reason shown for what a start does; {@link #reason} is part of the contract. */
public enum StartProblem {
  REPLICA_LOST("ReplicaLost"),
  BELOW_FLOOR("BelowFloor"),
  FRESH("Fresh"),
  ADOPTED("Adopted"),
  RESTORED("Restored"),
  RESUMED("Resumed"),
  RESYNCED("Resynced"),
  DIVERGED_KEPT_LOCAL("DivergedKeptLocal"),
  LOCAL_BEHIND("LocalBehind"),
  ADOPTED_REPLICA("AdoptedReplica"),
  DIVERGED("Diverged"),
  STORE_UNREACHABLE("StoreUnreachable"),
  BUCKET_NOT_READY("BucketNotReady"),
  WITNESS_UNREACHABLE("WitnessUnreachable"),
  FENCED("Fenced");

  private final String reason;

  StartProblem(String reason) {
    this.reason = reason;
  }

  /** CamelCase, as conditions, status and logs show it. */
  public String reason() {
    return reason;
  }
}
