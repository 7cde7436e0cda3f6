package dev.tidewal.operator.reconcile;

import dev.tidewal.crds.DatabaseStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which records of a checkpoint say how a replication is. Pure. */
final class Records {
  private Records() {}

  /**
   * Those of living pods; while none lives, those of the pod that ended last in order.
   *
   * @param all in the order in which their pods spoke last
   * @param living names of the pods that are there and have not ended
   */
  static List<DatabaseStatus> current(List<DatabaseStatus> all, Set<String> living) {
    if (!living.isEmpty()) {
      return all.stream().filter(record -> living.contains(record.pod())).toList();
    }
    Optional<String> last =
        all.reversed().stream()
            .filter(record -> "stopped".equals(record.state()))
            .map(DatabaseStatus::pod)
            .findFirst();
    return all.stream().filter(record -> last.filter(record.pod()::equals).isPresent()).toList();
  }
}
