package dev.tidewal.database;

import java.time.Duration;

/**
 * How a database is followed.
 *
 * @param conversion what to do with a database that is not in WAL mode
 * @param sealAfterIdle without commits for so long, a settled WAL is sealed
 * @param restAfterIdle a sealed database without commits for so long keeps a single connection
 * @param followEvery how often the pin moves on while there is something to move on to
 * @param sealAboveWalBytes a settled WAL of this size is sealed in the next pause between commits
 * @param sealUnderLoadAboveWalBytes at this size the write lock is taken for a moment
 * @param listener told about seals
 */
public record DatabaseSettings(
    Conversion conversion,
    Duration sealAfterIdle,
    Duration restAfterIdle,
    Duration followEvery,
    long sealAboveWalBytes,
    long sealUnderLoadAboveWalBytes,
    SealListener listener) {
  /** What to do with a database in rollback mode. */
  public enum Conversion {
    /** Switch it to WAL mode, as Litestream does. */
    ALLOWED,
    /** Refuse it: {@code --no-convert}. */
    REFUSED,
    /** It was converted by us before, so somebody switches it back: refuse it. */
    DONE_BEFORE
  }

  public static final DatabaseSettings DEFAULTS =
      new DatabaseSettings(
          Conversion.ALLOWED,
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          Duration.ofMillis(30),
          4L << 20,
          16L << 20,
          SealListener.NONE);

  public DatabaseSettings {
    if (sealAfterIdle.isNegative() || followEvery.isNegative() || followEvery.isZero()) {
      throw new IllegalArgumentException("times out of range");
    }
    if (sealAboveWalBytes < 0 || sealUnderLoadAboveWalBytes < sealAboveWalBytes) {
      throw new IllegalArgumentException("WAL thresholds out of order");
    }
  }

  public DatabaseSettings withConversion(Conversion other) {
    return new DatabaseSettings(
        other,
        sealAfterIdle,
        restAfterIdle,
        followEvery,
        sealAboveWalBytes,
        sealUnderLoadAboveWalBytes,
        listener);
  }

  public DatabaseSettings withListener(SealListener other) {
    return new DatabaseSettings(
        conversion,
        sealAfterIdle,
        restAfterIdle,
        followEvery,
        sealAboveWalBytes,
        sealUnderLoadAboveWalBytes,
        other);
  }
}
