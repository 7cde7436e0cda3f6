package dev.tidewal.database;

import java.time.Duration;

/** Told about seals of a WAL, for histograms. Must return at once and not throw. */
public interface SealListener {
  SealListener NONE = new SealListener() {};

  /**
   * The WAL was sealed: the next commit starts it from its beginning.
   *
   * @param took from the first step to the last
   * @param lockHeld how long the write lock was held; zero for the lock-free seal
   */
  default void sealed(Duration took, Duration lockHeld) {}

  /**
   * An attempt under load was given up because too much was committed meanwhile.
   *
   * @param lockHeld how long the write lock was held, zero if it was not had
   */
  default void gaveUp(Duration lockHeld) {}
}
