package dev.tidewal.supervisor;

import dev.tidewal.config.DatabaseConfig;
import dev.tidewal.config.DestinationConfig;
import dev.tidewal.config.StoreLookup;
import dev.tidewal.config.StoreState;
import dev.tidewal.core.TidewalException;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replicate.Uploader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is done for the replicas of one database beside the stream: levels, snapshots and retention
 * of each destination, and the copies that the other destinations get. All of it runs on shared
 * threads and none of it holds up the stream.
 */
final class Upkeep implements Closeable {
  private final List<Chore> chores;
  private final List<ReplicaClient> mirrors;

  private Upkeep(List<Chore> chores, List<ReplicaClient> mirrors) {
    this.chores = chores;
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
      Runnable snapshot)
      throws IOException {
    DestinationConfig first = config.destinations().getFirst();
    List<Chore> chores = new ArrayList<>();
    List<ReplicaClient> mirrors = new ArrayList<>();
    ChainOwnership ownership = new ChainOwnership(uploader, client);
    chores.add(
        CompactionChore.of(
            shared, database, client, ownership, first.schedule(), scratch, snapshot, status));
    for (DestinationConfig other : config.destinations().subList(1, config.destinations().size())) {
      if (StoreLookup.look(other.store()) instanceof StoreState.Ready(var settings)) {
        ReplicaClient mirror = shared.stores().open(settings);
        mirrors.add(mirror);
        MirrorChore copies = new MirrorChore(other, client, mirror, uploader, status);
        chores.add(copies);
        chores.add(
            CompactionChore.of(
                shared,
                database,
                mirror,
                new MirrorOwnership(ownership, copies::position),
                other.schedule(),
                scratch,
                () -> {},
                status));
      } else {
        throw new TidewalException.StoreUnreachable(
            database + ": destination " + other.name() + " is not ready yet");
      }
    }
    Upkeep upkeep = new Upkeep(chores, mirrors);
    chores.forEach(chore -> chore.start(shared.chores()));
    return upkeep;
  }

  /** The first destination acknowledged an object. */
  void acknowledged(ObjectInfo object) {
    chores.forEach(chore -> chore.acknowledged(object));
  }

  @Override
  public void close() {
    chores.forEach(Chore::close);
    mirrors.forEach(ReplicaClient::close);
  }
}
