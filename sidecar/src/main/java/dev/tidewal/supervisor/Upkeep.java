package dev.tidewal.supervisor;

import dev.tidewal.config.DatabaseConfig;
import dev.tidewal.config.DestinationConfig;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replicate.Uploader;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What is done for the replicas of one database beside the stream: levels, snapshots and retention
 * of each destination, and the copies that the other destinations get. All of it runs on shared
 * threads and none of it holds up the stream.
 */
final class Upkeep implements Closeable {
  private final List<Chore> followers;

  /**
   * @param followers those that what the first destination acknowledges concerns
   */
  private Upkeep(List<Chore> followers) {
    this.followers = followers;
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
      Supplier<CompletionStage<?>> snapshot) {
    DestinationConfig first = config.destinations().getFirst();
    ChainOwnership ownership = new ChainOwnership(uploader, client);
    List<OtherDestination> others =
        config.destinations().stream()
            .skip(1)
            .map(other ->
                new OtherDestination(
                    shared, database, other, client, ownership, uploader, status, scratch))
            .toList();
    CompactionChore levels =
        CompactionChore.of(
            shared,
            database,
            client,
            ownership,
            first.schedule(),
            scratch,
            snapshot,
            () -> others.forEach(OtherDestination::snapshotMade),
            status);
    levels.start(shared.chores());
    others.forEach(other -> other.start(shared.chores().others()));
    List<Chore> followers = new ArrayList<>(List.of(levels));
    followers.addAll(others);
    return new Upkeep(followers);
  }

  /** The first destination acknowledged an object. */
  void acknowledged(ObjectInfo object) {
    followers.forEach(chore -> chore.acknowledged(object));
  }

  @Override
  public void close() {
    followers.forEach(Chore::close);
  }
}
