package dev.tidewal.config;

import dev.tidewal.replica.ReplicaSettings;

/** What {@link StoreLookup} found. */
public sealed interface StoreState {
  /** The store can be opened. */
  record Ready(ReplicaSettings settings) implements StoreState {}

  /**
   * COSI has not handed the bucket out yet; look again later.
   *
   * @param reason one line
   */
  record NotReady(String reason) implements StoreState {}
}
