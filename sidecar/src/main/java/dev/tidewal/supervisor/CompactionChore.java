package dev.tidewal.supervisor;

import dev.tidewal.compact.Compaction;
import dev.tidewal.compact.CompactionListener;
import dev.tidewal.compact.CompactionSettings;
import dev.tidewal.compact.Ownership;
import dev.tidewal.config.Schedule;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Levels, snapshots and retention of one replica. */
final class CompactionChore extends Chore {
  private static final Logger LOG = System.getLogger(CompactionChore.class.getName());

  private final Compaction compaction;

  private CompactionChore(String name, Compaction compaction) {
    super(name);
    this.compaction = compaction;
  }

  /**
   * @param liveSnapshot asks for a snapshot that compaction can't make itself
   * @param snapshotMade told of each that it made
   */
  static CompactionChore of(
      Shared shared,
      Path database,
      ReplicaClient client,
      Ownership ownership,
      Schedule schedule,
      Path scratch,
      Supplier<CompletionStage<?>> liveSnapshot,
      Runnable snapshotMade,
      RunStatus status) {
    CompletableFuture<CompactionChore> chore = new CompletableFuture<>();
    CompactionListener listener =
        new CompactionListener() {
          @Override
          public void merged(LtxName output, int inputs, long bytes, Duration took) {
            shared.events().compacted(database.toString(), output.level(), inputs, bytes, took);
            if (output.level() == LtxName.SNAPSHOT_LEVEL) {
              status.snapshot(shared.clocks().wall().instant());
              snapshotMade.run();
            }
          }

          @Override
          public void liveSnapshotWanted(String reason) {
            LOG.log(Level.INFO, "{0}: {1} needs a snapshot: {2}", database, client.url(), reason);
            var _ =
                liveSnapshot
                    .get()
                    .whenComplete((position, error) -> {
                      if (error != null) {
                        var _ = chore.thenAccept(CompactionChore::liveSnapshotFailed);
                      }
                    });
          }

          @Override
          public void problem(String message) {
            LOG.log(Level.WARNING, "{0}: {1}", database, message);
          }
        };
    Compaction compaction =
        new Compaction(
            client, ownership, settings(schedule), scratch, shared.clocks().wall(), listener);
    chore.complete(new CompactionChore("compaction of " + client.url(), compaction));
    return chore.join();
  }

  private void liveSnapshotFailed() {
    compaction.liveSnapshotFailed();
    schedule();
  }

  @Override
  void run() {
    compaction.run();
  }

  @Override
  Duration untilNext() {
    return compaction.untilNext();
  }

  @Override
  void acknowledged(ObjectInfo object) {
    if (object.name().level() == LtxName.SNAPSHOT_LEVEL) {
      compaction.added(object);
    } else {
      compaction.acknowledged(object);
    }
    schedule();
  }

  private static CompactionSettings settings(Schedule schedule) {
    CompactionSettings defaults = CompactionSettings.DEFAULT;
    return new CompactionSettings(
        schedule.levels(),
        schedule.snapshotInterval(),
        schedule.retention(),
        schedule.batchRetention().orElse(CompactionSettings.FOR_EVER),
        defaults.restoreGrace(),
        schedule.deletes(),
        WriteMode.REPLACE);
  }
}
