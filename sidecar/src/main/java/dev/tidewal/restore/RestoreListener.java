package dev.tidewal.restore;

/**
 * Watches a restore; called from several threads at once, so implementations must be thread-safe
 * and quick.
 */
public interface RestoreListener {
  RestoreListener NONE = new RestoreListener() {};

  /** The plan is known and work begins; again after {@link #replanned}. */
  default void started(RestorePlan plan) {}

  /** Objects of this size together are about to be read, without a plan. */
  default void reading(long bytes) {}

  /** More bytes of the plan's objects were read; adds up to the plan's size. */
  default void read(long bytes) {}

  /** An object was read to its end and verified. */
  default void verified(String object) {}

  /** Everything is written; the named step, which may take a while, begins. */
  default void finishing(String step) {}

  /** An object could not be used; another plan follows. */
  default void replanned(String reason) {}
}
