package dev.tidewal.restore;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.TidewalException.NotFound;
import dev.tidewal.core.TidewalException.PermissionDenied;
import dev.tidewal.core.TidewalException.Refused;
import dev.tidewal.core.TidewalException.StoreUnreachable;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keeps a file as a read replica: other processes read it with SQLite while this one brings it
 * forward in place.
 *
 * <p>Each round lists level 0 behind the current TXID. What is missing there is taken from the
 * higher levels, at last from a newer snapshot; what is missing everywhere is reported every round.
 * Readers must not write to the file; no other code of this process may open it. Not thread-safe.
 */
public final class Follower implements Closeable {
  /** Rounds without news after which the higher levels are listed too. */
  private static final int ROUNDS_TO_FULL_LISTING = 60;

  private final ReplicaClient client;
  private final FollowedDatabase database;
  private final Duration patience;
  private final FollowListener listener;
  private int roundsToFullListing;
  private boolean listedAll;
  private Optional<MissingRange> gap = Optional.empty();

  private Follower(
      ReplicaClient client, FollowedDatabase database, Duration patience, FollowListener listener) {
    this.client = client;
    this.database = database;
    this.patience = patience;
    this.listener = listener;
  }

  /**
   * Restores the newest state, or goes on with a file that was followed before.
   *
   * @param patience how long to wait for readers before an apply is put off to the next round
   * @throws Refused when the file exists and was not made by following, or somebody wrote to it
   */
  public static Follower open(
      ReplicaClient client,
      Path output,
      RestoreOptions options,
      Duration patience,
      FollowListener listener,
      RestoreListener restoreListener)
      throws IOException {
    if (!Files.exists(output)) {
      Restorer restorer = new Restorer(client, options.following(), restoreListener);
      listener.restored(restorer.restore(RestoreTarget.LATEST, output));
      return new Follower(client, FollowedDatabase.open(output), patience, listener);
    }
    FollowedDatabase database = FollowedDatabase.open(output);
    listener.resumed(database.applied());
    return new Follower(client, database, patience, listener);
  }

  /**
   * Follows until the thread is interrupted.
   *
   * @param interval between the ends of rounds
   * @throws Refused when somebody else wrote the file, or the replica changed its page size
   */
  public void run(Duration interval) throws IOException {
    try {
      while (true) {
        listener.round(round());
        Thread.sleep(interval);
      }
    } catch (InterruptedException | TidewalException.Cancelled stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Applies what is new once. */
  public FollowStatus round() throws IOException, InterruptedException {
    try {
      return applyNews();
    } catch (StoreUnreachable | PermissionDenied | Corrupt | NotFound e) {
      return new FollowStatus.Failed(database.applied(), e);
    }
  }

  private FollowStatus applyNews() throws IOException, InterruptedException {
    Map<LtxName, TidewalException> broken = new TreeMap<>();
    int applied = 0;
    while (true) {
      List<ObjectInfo> news = news(broken.keySet());
      LtxChain chain = shortest(database.applied(), news);
      if (chain.files().isEmpty()) {
        return ended(chain, news, broken, applied);
      }
      for (ObjectInfo object : chain.files()) {
        try {
          if (database.apply(client, object, patience) == FollowedDatabase.Outcome.BUSY) {
            return new FollowStatus.Busy(database.applied(), patience);
          }
          applied++;
          listener.applied(object.name(), RestorePlan.timestamp(object));
        } catch (Corrupt | NotFound e) {
          broken.put(object.name(), e);
          listener.broken(String.valueOf(e.getMessage()));
          break;
        }
      }
    }
  }

  /**
   * Level 0 behind our state; all levels when it does not go on there, when an object is broken,
   * and now and then.
   */
  private List<ObjectInfo> news(Set<LtxName> broken) {
    List<ObjectInfo> batches = new ArrayList<>();
    client.list(0, database.applied().next(), false).forEachRemaining(batches::add);
    boolean complete = LtxChain.longest(database.applied(), batches).gap(batches).isEmpty();
    boolean expected = complete == gap.isEmpty();
    listedAll = !broken.isEmpty() || !expected || roundsToFullListing-- <= 0;
    if (!listedAll) {
      return batches;
    }
    roundsToFullListing = ROUNDS_TO_FULL_LISTING;
    List<ObjectInfo> all = new ArrayList<>(new ReplicaListing(client).read(RestoreTarget.LATEST));
    all.removeIf(object -> broken.contains(object.name()));
    return all;
  }

  /** Without reading a snapshot where the levels lead as far. */
  private static LtxChain shortest(Txid from, List<ObjectInfo> news) {
    LtxChain any = LtxChain.longest(from, news);
    LtxChain levels =
        LtxChain.longest(
            from, news.stream().filter(object -> !object.name().isSnapshot()).toList());
    return levels.reached().isBefore(any.reached()) ? any : levels;
  }

  private FollowStatus ended(
      LtxChain chain, List<ObjectInfo> news, Map<LtxName, TidewalException> broken, int applied) {
    Txid at = database.applied();
    for (Map.Entry<LtxName, TidewalException> object : broken.entrySet()) {
      if (object.getKey().max().isAfter(at)) {
        return new FollowStatus.Failed(at, object.getValue());
      }
    }
    gap = chain.gap(news);
    if (gap.isPresent()) {
      return new FollowStatus.Gap(at, gap.get());
    }
    Optional<Txid> newest = news.stream().map(object -> object.name().max()).max(Txid::compareTo);
    if (listedAll && (newest.isEmpty() || newest.get().isBefore(at))) {
      return new FollowStatus.Ahead(at, newest);
    }
    return new FollowStatus.UpToDate(at, applied);
  }

  /** The state that readers see. */
  public Txid applied() {
    return database.applied();
  }

  @Override
  public void close() throws IOException {
    database.close();
  }
}
