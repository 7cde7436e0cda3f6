package dev.tidewal.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.database.Continuity.Recorded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

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
  private CompletableFuture<Void> follower = CompletableFuture.completedFuture(null);
  private volatile boolean stopping;
  private volatile WalHealth.State state = WalHealth.State.FOLLOWING;

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

  /** Follows on a thread of its own, as a replicator does, until {@link #stop}. */
  void start() {
    follower =
        CompletableFuture.runAsync(
            () -> {
              while (!stopping) {
                follow();
              }
            },
            task -> Thread.ofPlatform().daemon().start(task));
  }

  private void follow() {
    try {
      catchUp(1 << 20);
      state = live.tend().state();
      Pause.millis(2);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the thread; everything that was committed before the call is in the replica then. */
  void stop() throws IOException {
    stopping = true;
    follower.join();
    stopping = false;
    catchUp();
    assertThat(live.event()).isEmpty();
  }

  /** What the following thread saw last. */
  WalHealth.State state() {
    return state;
  }

  @Override
  public void close() throws IOException {
    stopping = true;
    follower.exceptionally(_ -> null).join();
    live.close();
  }
}
