package dev.tidewal.supervisor;

import dev.tidewal.config.DatabaseConfig;
import dev.tidewal.config.DestinationConfig;
import dev.tidewal.config.StoreLookup;
import dev.tidewal.config.StoreState;
import dev.tidewal.core.TidewalException;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ThrottledReplicaClient;
import dev.tidewal.replicate.Uploader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What is done for the replicas of one database beside the stream: levels, snapshots and retention
 * of each destination, and the copies that the other destinations get. All of it runs on shared
 * threads and none of it holds up the stream.
 */
final class Upkeep implements Closeable {
  private final List<Chore> followers;
  private final List<Chore> compactions;
  private final List<ReplicaClient> mirrors;

  /**
   * @param followers those that what the first destination acknowledges concerns
   * @param compactions of the other destinations, which begin when these are known
   */
  private Upkeep(List<Chore> followers, List<Chore> compactions, List<ReplicaClient> mirrors) {
    this.followers = followers;
    this.compactions = compactions;
    this.mirrors = mirrors;
  }

  /**
   * @param client of the first destination
   * @param snapshot asks the replicator to send every page
   */
  static Upkeep start(
      Shared shared,
      Path database,
      DatabaseConfig config,
      ReplicaClient client,
      Uploader uploader,
      RunStatus status,
      Path scratch,
      Supplier<CompletionStage<?>> snapshot)
      throws IOException {
    DestinationConfig first = config.destinations().getFirst();
    List<ReplicaClient> mirrors = new ArrayList<>();
    ChainOwnership ownership = new ChainOwnership(uploader, client);
    List<MirrorChore> copiers = new ArrayList<>();
    CompactionChore levels =
        CompactionChore.of(
            shared,
            database,
            client,
            ownership,
            first.schedule(),
            scratch,
            snapshot,
            () -> copiers.forEach(MirrorChore::snapshotMade),
            status);
    List<Chore> followers = new ArrayList<>(List.of(levels));
    List<Chore> compactions = new ArrayList<>();
    for (DestinationConfig other : config.destinations().subList(1, config.destinations().size())) {
      if (StoreLookup.look(other.store()) instanceof StoreState.Ready(var settings)) {
        ReplicaClient mirror =
            new ThrottledReplicaClient(shared.stores().open(settings), other.throttle().limit());
        mirrors.add(mirror);
        MirrorChore copies = new MirrorChore(other, client, mirror, uploader, status);
        CompactionChore compaction =
            CompactionChore.of(
                shared,
                database,
                mirror,
                new MirrorOwnership(ownership, copies::position),
                other.schedule(),
                scratch,
                () -> {
                  copies.wantSnapshot();
                  return CompletableFuture.completedFuture(copies.position());
                },
                () -> {},
                status);
        copies.onCopied(compaction::acknowledged);
        copies.onOpened(() -> compaction.start(shared.chores()));
        copiers.add(copies);
        followers.add(copies);
        compactions.add(compaction);
      } else {
        throw new TidewalException.StoreUnreachable(
            database + ": destination " + other.name() + " is not ready yet");
      }
    }
    Upkeep upkeep = new Upkeep(followers, compactions, mirrors);
    followers.forEach(chore -> chore.start(shared.chores()));
    return upkeep;
  }

  /** The first destination acknowledged an object. */
  void acknowledged(ObjectInfo object) {
    followers.forEach(chore -> chore.acknowledged(object));
  }

  @Override
  public void close() {
    followers.forEach(Chore::close);
    compactions.forEach(Chore::close);
    mirrors.forEach(ReplicaClient::close);
  }
}
