package dev.tidewal.interop;

import static org.awaitility.Awaitility.await;

import dev.tidewal.config.Configuration;
import dev.tidewal.config.ConfigurationReader;
import dev.tidewal.config.Store;
import dev.tidewal.config.StoreLookup;
import dev.tidewal.config.StoreState;
import dev.tidewal.core.Position;
import dev.tidewal.replica.ReplicaSettings;
import dev.tidewal.replicate.ReplicationEvents;
import dev.tidewal.replicate.ReplicationState;
import dev.tidewal.replicate.ReplicationStatus;
import dev.tidewal.supervisor.Supervisor;
import dev.tidewal.supervisor.Supervisor.Circumstances;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Tidewal, replicating what a configuration file names, in this process. */
final class TidewalProcess implements AutoCloseable {
  private final Supervisor supervisor;

  private TidewalProcess(Supervisor supervisor) {
    this.supervisor = supervisor;
  }

  static TidewalProcess replicate(Path config) throws IOException {
    Configuration configuration =
        new ConfigurationReader(Map.of(), true).read(config).configuration();
    return new TidewalProcess(
        Supervisor.start(configuration, Circumstances.BESIDE_APPLICATION, ReplicationEvents.NONE));
  }

  /** The first destination that a configuration file names. */
  static ReplicaSettings replica(Path config) throws IOException {
    Configuration read = new ConfigurationReader(Map.of(), true).read(config).configuration();
    Store store = read.databases().getFirst().destinations().getFirst().store();
    return switch (StoreLookup.look(store)) {
      case StoreState.Ready(ReplicaSettings settings) -> settings;
      case StoreState.NotReady(String why) -> throw new AssertionError(why);
    };
  }

  ReplicationStatus status() {
    return supervisor.statuses().getFirst();
  }

  TidewalProcess awaitReplicating() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(this::status, status -> status.state() == ReplicationState.REPLICATING);
    return this;
  }

  Position sync(Path database) {
    return supervisor.sync(database.toString(), Duration.ofSeconds(60));
  }

  @Override
  public void close() throws IOException {
    try {
      supervisor.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    supervisor.close();
  }
}
