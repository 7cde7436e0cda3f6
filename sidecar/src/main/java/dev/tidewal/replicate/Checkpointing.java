package dev.tidewal.replicate;

import dev.tidewal.core.Txid;
import dev.tidewal.database.Capture;
import dev.tidewal.database.Diagnosis;
import dev.tidewal.database.LiveDatabase;
import dev.tidewal.database.WalHealth;
import dev.tidewal.state.Acknowledged;
import dev.tidewal.state.CleanStop;
import dev.tidewal.state.FileStamp;
import dev.tidewal.state.StateDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Looks after the WAL of a database, and records when all that is durable has reached the database
 * file: then a later start needs no WAL to go on.
 *
 * <p>All methods are for the thread of the database.
 */
final class Checkpointing {
  private static final Duration REWRITE_IS_NEWS = Duration.ofHours(1);

  private final LiveDatabase database;
  private final StateDirectory state;
  private final Uploader uploader;
  private final long walLimitBytes;
  private Replicator.HealthListener listener = (health, rewritten) -> {};
  private boolean recorded;
  private long rewriteNanos = System.nanoTime() - REWRITE_IS_NEWS.toNanos();

  Checkpointing(
      LiveDatabase database, StateDirectory state, Uploader uploader, long walLimitBytes) {
    this.database = database;
    this.state = state;
    this.uploader = uploader;
    this.walLimitBytes = walLimitBytes;
  }

  void listener(Replicator.HealthListener told) {
    listener = told;
  }

  /** A batch was captured: the database file lacks it until the next checkpoint. */
  void captured(Capture batch) {
    recorded = false;
    if (Diagnosis.isRewrite(batch)) {
      rewriteNanos = System.nanoTime();
    }
  }

  /**
   * Moves the pin or seals, as far as that is allowed now.
   *
   * @param durable the acknowledged TXID when nothing waits; empty when something does
   */
  WalHealth tend(Optional<Txid> durable) throws IOException {
    WalHealth health = database.tend();
    listener.tended(health, System.nanoTime() - rewriteNanos < REWRITE_IS_NEWS.toNanos());
    if (health.backfilled() && durable.isPresent() && !recorded) {
      state.backfilledThrough(durable.get());
      uploader.syncChecksums();
      recorded = true;
    }
    return health;
  }

  /**
   * Leaves the database, with nothing waiting, so that the next start finds that nothing happened
   * in between, whatever becomes of the WAL.
   *
   * @return false when it could not, since somebody was in the way
   */
  boolean leave() throws IOException {
    Optional<Acknowledged> sent = state.acknowledged();
    if (sent.isEmpty() || state.dropped().isPresent()) {
      return false;
    }
    Optional<FileStamp> stamp = database.leave(walLimitBytes);
    if (stamp.isEmpty()) {
      return false;
    }
    Txid txid = sent.get().position().txid();
    state.backfilledThrough(txid);
    state.recordCleanStop(new CleanStop(txid, stamp.get()));
    uploader.syncChecksums();
    return true;
  }
}
