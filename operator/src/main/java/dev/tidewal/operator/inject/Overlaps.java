package dev.tidewal.operator.inject;

import dev.tidewal.crds.FencingSpec;
import dev.tidewal.crds.ReplicationSpec;
import dev.tidewal.operator.inject.Surroundings.Workload;
import dev.tidewal.operator.sidecar.SidecarConfiguration;
import java.util.List;
import java.util.Optional;

/**
 * Two pods on one database, or two databases on one replica: fencing keeps the replica whole, but
 * the second one's commits would be in none, so workloads that can run two are refused before
 * anything is written.
 */
final class Overlaps {
  private Overlaps() {}

  static void check(ReplicationSpec spec, Workload workload, List<String> warnings)
      throws RefusalException {
    Optional<String> problem = problem(workload, SidecarConfiguration.sharedDestinations(spec));
    if (problem.isEmpty()) {
      return;
    }
    FencingSpec fencing = spec.fencing();
    if (fencing != null && fencing.overlap() == FencingSpec.Overlap.Warn) {
      warnings.add(problem.get());
    } else {
      throw new RefusalException(
          problem.get() + " (or allow it: spec.fencing.overlap: Warn of the SqliteReplication)");
    }
  }

  private static Optional<String> problem(Workload workload, List<String> sharedDestinations) {
    return switch (workload) {
      case Workload.Deployment(String name, int replicas, boolean _) when replicas > 1 ->
          Optional.of(
              "Deployment "
                  + name
                  + " has "
                  + replicas
                  + " replicas, which would write one database: set replicas to 1, or use a"
                  + " StatefulSet with a volume for each pod");
      case Workload.Deployment(String name, int _, boolean isRecreate) when !isRecreate ->
          Optional.of(
              "Deployment "
                  + name
                  + " starts its new pod before the old one has ended, so two would write one"
                  + " database: set strategy.type to Recreate, or use a StatefulSet");
      case Workload.StatefulSet(String name, int replicas)
          when replicas > 1 && !sharedDestinations.isEmpty() ->
          Optional.of(
              "StatefulSet "
                  + name
                  + " has "
                  + replicas
                  + " replicas, whose databases would all be written to one place of destination "
                  + String.join(", ", sharedDestinations)
                  + ": put {pod} into its prefix, as in {namespace}/{name}/{pod}/{database}");
      case Workload.Job(String name, int parallelism) when parallelism > 1 ->
          Optional.of(
              "Job "
                  + name
                  + " runs "
                  + parallelism
                  + " pods at once, which would write one database: set parallelism to 1");
      case Workload.Several(String kind, String name) ->
          Optional.of(
              kind
                  + " "
                  + name
                  + " runs several pods at once, which would write one database or one replica: use"
                  + " a StatefulSet with a volume for each pod, or a Deployment of one replica with"
                  + " strategy.type Recreate");
      case Workload.Deployment _, Workload.StatefulSet _, Workload.Job _, Workload.Other _ ->
          Optional.empty();
    };
  }
}
