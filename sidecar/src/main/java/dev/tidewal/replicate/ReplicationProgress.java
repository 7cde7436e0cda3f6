package dev.tidewal.replicate;

import dev.tidewal.core.Lag;
import dev.tidewal.core.Position;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one database's replication has reached, as its status shows it. Written by the replicator,
 * read by any thread.
 */
public final class ReplicationProgress {
  /**
   * From so many failures in a row on, a store that doesn't take what we have is called degraded.
   */
  private static final int DEGRADED_AFTER_FAILURES = 2;

  private final String database;
  private final ReplicationEvents events;
  private final InstantSource clock;
  private Position durable = Position.NONE;
  private @Nullable Instant oldestWaiting;
  private @Nullable Instant lastSuccess;
  private @Nullable String lastError;
  private long waitingBytes;
  private long walBytes;
  private long spoolBytes;
  private boolean sealed;
  private boolean degraded;

  public ReplicationProgress(String database, ReplicationEvents events, InstantSource clock) {
    this.database = database;
    this.events = events;
    this.clock = clock;
  }

  /** A consistent copy. */
  public record View(
      Position durable,
      Lag lag,
      long walBytes,
      long spoolBytes,
      boolean sealed,
      boolean degraded,
      Optional<Instant> lastSuccess,
      Optional<String> lastError) {}

  public synchronized View view() {
    Duration age =
        oldestWaiting == null ? Duration.ZERO : Duration.between(oldestWaiting, clock.instant());
    return new View(
        durable,
        new Lag(age.isNegative() ? Duration.ZERO : age, waitingBytes),
        walBytes,
        spoolBytes,
        sealed,
        degraded,
        Optional.ofNullable(lastSuccess),
        Optional.ofNullable(lastError));
  }

  /** The position that the first destination last acknowledged. */
  public synchronized Position durable() {
    return durable;
  }

  /** Sets the position that a start found or claimed. */
  public synchronized void durable(Position position) {
    durable = position;
  }

  /** Something was committed at {@code when} and waits. */
  synchronized void waiting(Instant when) {
    if (oldestWaiting == null || when.isBefore(oldestWaiting)) {
      oldestWaiting = when;
    }
  }

  /** Nothing waits. */
  synchronized void caughtUp() {
    oldestWaiting = null;
  }

  void acknowledged(Outgoing sent, UploadResult.Durable result) {
    Instant now = clock.instant();
    Duration took = Duration.between(sent.oldestCommit(), now);
    synchronized (this) {
      durable = result.position();
      lastSuccess = now;
      lastError = null;
      degraded = false;
    }
    events.acknowledged(
        database, result.sizeBytes(), result.pages(), took.isNegative() ? Duration.ZERO : took);
  }

  /** The store takes what we have again. */
  synchronized void recovered() {
    lastError = null;
    degraded = false;
  }

  synchronized void failed(Exception reason, int failuresInARow) {
    lastError = String.valueOf(reason.getMessage());
    degraded = failuresInARow >= DEGRADED_AFTER_FAILURES;
  }

  synchronized void sizes(long wal, long spool, long waiting, boolean isSealed) {
    walBytes = wal;
    spoolBytes = spool;
    waitingBytes = waiting;
    sealed = isSealed;
  }
}
