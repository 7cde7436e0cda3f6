package dev.tidewal.supervisor;

import dev.tidewal.config.DestinationConfig;
import dev.tidewal.config.StoreLookup;
import dev.tidewal.config.StoreState;
import dev.tidewal.core.Position;
import dev.tidewal.core.TidewalException;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaSettings;
import dev.tidewal.replica.ThrottledReplicaClient;
import dev.tidewal.replicate.ReplicationStatus.DestinationStatus;
import dev.tidewal.replicate.Uploader;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A destination after the first one: awaited until its store can be opened, however long that
 * takes, and from then on copied to and compacted. The first one never waits for it.
 */
final class OtherDestination extends Chore {
  private static final Logger LOG = System.getLogger(OtherDestination.class.getName());
  private static final Duration LOOKS = Duration.ofSeconds(5);

  private final Shared shared;
  private final Path database;
  private final DestinationConfig config;
  private final ReplicaClient first;
  private final ChainOwnership ownership;
  private final Uploader uploader;
  private final RunStatus status;
  private final Path scratch;
  private volatile @Nullable Opened opened;
  private volatile long lookNanos = System.nanoTime();
  private String shown = "";

  private record Opened(ReplicaClient client, MirrorChore copies, CompactionChore compaction) {}

  OtherDestination(
      Shared shared,
      Path database,
      DestinationConfig config,
      ReplicaClient first,
      ChainOwnership ownership,
      Uploader uploader,
      RunStatus status,
      Path scratch) {
    super("destination " + config.name() + " of " + database);
    this.shared = shared;
    this.database = database;
    this.config = config;
    this.first = first;
    this.ownership = ownership;
    this.uploader = uploader;
    this.status = status;
    this.scratch = scratch;
  }

  @Override
  void run() {
    lookNanos = System.nanoTime() + LOOKS.toNanos(); // whatever comes of this look
    try {
      switch (StoreLookup.look(config.store())) {
        case StoreState.Ready(ReplicaSettings settings) -> open(settings);
        case StoreState.NotReady(String why) -> awaited(why);
      }
    } catch (IOException | TidewalException e) {
      awaited(String.valueOf(e.getMessage()));
    }
  }

  private void open(ReplicaSettings settings) {
    ReplicaClient client =
        new ThrottledReplicaClient(shared.stores().open(settings), config.throttle().limit());
    MirrorChore copies = new MirrorChore(config, first, client, uploader, status);
    CompactionChore compaction =
        CompactionChore.of(
            shared,
            database,
            client,
            new MirrorOwnership(ownership, copies::position),
            config.schedule(),
            scratch,
            () -> {
              copies.wantSnapshot();
              return CompletableFuture.completedFuture(copies.position());
            },
            () -> {},
            status);
    copies.onCopied(compaction::acknowledged);
    copies.onOpened(() -> compaction.start(shared.chores().others()));
    opened = new Opened(client, copies, compaction);
    copies.start(shared.chores().others());
  }

  private void awaited(String why) {
    if (!why.equals(shown)) {
      shown = why;
      LOG.log(
          Level.WARNING,
          "{0}: destination {1} is not ready: {2}; replicating without it until it is",
          database,
          config.name(),
          why);
    }
    status.mirror(
        new DestinationStatus(
            config.name(), config.store().shown(), Position.NONE, Optional.of(why)));
  }

  @Override
  Duration untilNext() {
    return opened == null ? Duration.ofNanos(lookNanos - System.nanoTime()) : NEVER;
  }

  @Override
  void acknowledged(ObjectInfo object) {
    Opened current = opened; // who is opened later looks for itself
    if (current != null) {
      current.copies().acknowledged(object);
    }
  }

  /** The first destination has another snapshot. */
  void snapshotMade() {
    Opened current = opened;
    if (current != null) {
      current.copies().snapshotMade();
    }
  }

  @Override
  public void close() {
    super.close();
    Opened current = opened;
    if (current != null) {
      current.copies().close();
      current.compaction().close();
      current.client().close();
    }
  }
}
