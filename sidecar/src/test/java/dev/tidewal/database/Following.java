package dev.tidewal.database;

import dev.tidewal.database.Continuity.Recorded;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A follower of a database with a replica in memory, driven by hand. */
final class Following implements AutoCloseable {
  static final long ANY = Long.MAX_VALUE;

  /** Seals as soon as all is settled. */
  static final DatabaseSettings EAGER =
      new DatabaseSettings(
          DatabaseSettings.Conversion.ALLOWED,
          Duration.ZERO,
          Duration.ofSeconds(30),
          Duration.ofMillis(5),
          4L << 20,
          16L << 20,
          SealListener.NONE);

  final LiveDatabase live;
  final Replay replica;

  private Following(LiveDatabase live, Replay replica) {
    this.live = live;
    this.replica = replica;
  }

  /** Opens the database and takes everything there is. */
  static Following from(Path database, DatabaseSettings settings) throws IOException {
    Following following =
        new Following(LiveDatabase.open(database, settings, Recorded.NOTHING), new Replay());
    following.take(following.live.full());
    return following;
  }

  static Following from(Path database) throws IOException {
    return from(database, EAGER);
  }

  /** Goes on where an earlier one ended. */
  static Following resume(Path database, Replay replica, Recorded recorded) throws IOException {
    return new Following(LiveDatabase.open(database, EAGER, recorded), replica);
  }

  void take(Capture capture) throws IOException {
    replica.apply(capture);
    live.settle(capture);
  }

  /** Captures and settles everything; says how many captures it took. */
  int catchUp() throws IOException {
    return catchUp(ANY);
  }

  int catchUp(long maxWalBytes) throws IOException {
    int captures = 0;
    for (Optional<Capture> next = live.capture(maxWalBytes);
        next.isPresent();
        next = live.capture(maxWalBytes)) {
      take(next.get());
      captures++;
    }
    return captures;
  }

  /** Tends until the WAL is sealed. */
  void seal() throws IOException {
    for (int attempt = 0; attempt < 1000; attempt++) {
      if (live.tend().state() == WalHealth.State.SEALED) {
        return;
      }
      Pause.millis(5);
      catchUp();
    }
    throw new AssertionError("not sealed: " + live.tend());
  }

  @Override
  public void close() throws IOException {
    live.close();
  }
}
