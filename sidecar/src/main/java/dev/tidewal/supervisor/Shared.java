package dev.tidewal.supervisor;

import dev.tidewal.database.SealListener;
import dev.tidewal.database.Wake;
import dev.tidewal.fence.Choice;
import dev.tidewal.fence.Clocks;
import dev.tidewal.fence.Moment;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaSettings;
import dev.tidewal.replicate.ReplicationEvents;
import dev.tidewal.replicate.SpoolBudget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the databases of one process share. Immutable; all parts are thread-safe.
 *
 * @param clusterId our Kubernetes cluster, empty outside of one
 * @param takeOverFrom a cluster that a user named to take replicas over from
 * @param choice what a user decided by name
 * @param pod uid of this pod, empty outside of Kubernetes
 * @param moment whether applications may run on the databases now
 * @param spool local disk for waiting changes of all databases together
 */
record Shared(
    Stores stores,
    ReplicationEvents events,
    Clocks clocks,
    Wake wake,
    Chores chores,
    String clusterId,
    Optional<String> takeOverFrom,
    Choice choice,
    String pod,
    Supplier<Moment> moment,
    SpoolBudget spool,
    Duration shutdownTimeout) {

  /** Opens replicas. Thread-safe. */
  interface Stores {
    /** A client; closing it leaves what clients share alone. */
    ReplicaClient open(ReplicaSettings settings);

    /** Whether the store lets exactly one of many conditional creates win; tries it out. */
    boolean keepsConditions(ReplicaSettings settings);
  }

  SealListener sealListener(Path database) {
    String name = database.toString();
    return new SealListener() {
      @Override
      public void sealed(Duration took, Duration lockHeld) {
        events.sealed(name, lockHeld);
      }

      @Override
      public void gaveUp(Duration lockHeld) {
        events.sealed(name, lockHeld);
      }
    };
  }
}
