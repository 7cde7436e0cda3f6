package dev.tidewal.operator.reconcile;

import dev.tidewal.crds.DatabaseStatus;
import dev.tidewal.crds.ReplicationSpec;
import dev.tidewal.crds.ReplicationStatus;
import dev.tidewal.operator.cosi.BucketState;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a replication at one moment.
 *
 * @param generation of the spec
 * @param before the status as it was written last; empty: none yet
 * @param problem why the spec can't be followed; empty: it can
 * @param bucket of the first destination
 * @param databases what sidecars of living pods said last, or of the last one that ended; in any
 *     order
 * @param pods those that carry the sidecar and run
 * @param podsWithout those that ask for it and run without; not looked for yet, so always 0
 */
record Observed(
    long generation,
    ReplicationSpec spec,
    Optional<ReplicationStatus> before,
    Optional<String> problem,
    BucketState bucket,
    List<DatabaseStatus> databases,
    int pods,
    int podsWithout) {
  Observed {
    databases = List.copyOf(databases);
  }
}
