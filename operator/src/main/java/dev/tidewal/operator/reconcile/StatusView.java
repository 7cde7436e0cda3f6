package dev.tidewal.operator.reconcile;

import dev.tidewal.core.DurationText;
import dev.tidewal.crds.DatabaseStatus;
import dev.tidewal.crds.ReplicationStatus;
import dev.tidewal.crds.ReplicationStatus.Counts;
import dev.tidewal.crds.ReplicationStatus.Phase;
import dev.tidewal.operator.cosi.BucketState;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The status of a replication, from what is known of it. Pure. */
final class StatusView {
  /** Larger objects slow every list of them down; what is well needs no line. */
  private static final int SHOWN_DATABASES = 50;

  private final Observed observed;
  private final Instant now;
  private final List<DatabaseStatus> worst;
  private final Counts counts;

  private StatusView(Observed observed, Instant now) {
    this.observed = observed;
    this.now = now;
    this.worst = observed.databases().stream().sorted(Health.worstFirst()).toList();
    this.counts =
        new Counts(
            worst.size(),
            count(Health.WELL),
            count(Health.DEGRADED),
            count(Health.FAILED),
            observed.podsWithout());
  }

  /**
   * What to write.
   *
   * @param now time of conditions that change; those that don't keep theirs
   */
  static ReplicationStatus of(Observed observed, Instant now) {
    return new StatusView(observed, now).status();
  }

  private ReplicationStatus status() {
    Optional<DatabaseStatus> furthest = worst.stream().findFirst();
    return new ReplicationStatus(
        phase(),
        observed.generation(),
        conditions(),
        furthest.map(StatusView::lag).orElse(null),
        furthest.map(DatabaseStatus::txid).orElse(null),
        furthest.map(DatabaseStatus::durableTxid).orElse(null),
        worst.stream()
            .map(DatabaseStatus::lastSnapshotTime)
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder())
            .orElse(null),
        observed.bucket().shown(),
        furthest.map(DatabaseStatus::pod).orElse(null),
        counts,
        worst.stream().limit(SHOWN_DATABASES).toList());
  }

  private Phase phase() {
    if (observed.problem().isPresent()) {
      return Phase.Failed;
    }
    if (observed.spec().isPaused()) {
      return Phase.Paused;
    }
    if (observed.bucket() instanceof BucketState.NotReady) {
      return Phase.Pending;
    }
    return switch (worst.isEmpty() ? Health.STARTING : Health.of(worst.getFirst())) {
      case FAILED -> Phase.Failed;
      case DEGRADED -> Phase.Degraded;
      case STARTING, ENDED -> Phase.Waiting;
      case WELL -> Phase.Replicating;
    };
  }

  private List<Condition> conditions() {
    Condition bucket = bucketReady();
    Condition injected = injected();
    Condition replicating = replicating();
    return List.of(ready(bucket, injected, replicating), bucket, injected, replicating, degraded());
  }

  /** The first thing that stands against it gives its reason. */
  private Condition ready(Condition... needed) {
    if (observed.problem().isPresent()) {
      return condition("Ready", "False", "InvalidSpec", observed.problem().get());
    }
    if (observed.spec().isPaused()) {
      return condition("Ready", "False", "Paused", "spec.paused is set");
    }
    for (Condition condition : needed) {
      if (!condition.getStatus().equals("True")) {
        return condition("Ready", "False", condition.getReason(), condition.getMessage());
      }
    }
    return condition("Ready", "True", "Replicating", "every database replicates");
  }

  private Condition bucketReady() {
    return switch (observed.bucket()) {
      case BucketState.Ready(String shown) ->
          condition("BucketReady", "True", "BucketReady", shown);
      case BucketState.NotReady(String _, String reason, String message) ->
          condition("BucketReady", "False", reason, message);
    };
  }

  private Condition injected() {
    if (observed.podsWithout() > 0) {
      return condition(
          "Injected",
          "False",
          "SidecarMissing",
          observed.podsWithout()
              + " pods ask for the sidecar and run without it: delete them, so that they are created"
              + " anew");
    }
    return observed.pods() == 0
        ? condition("Injected", "Unknown", "NoPods", "no pod has the sidecar yet")
        : condition(
            "Injected", "True", "SidecarPresent", observed.pods() + " pods have the sidecar");
  }

  private Condition replicating() {
    if (worst.isEmpty()) {
      return condition("Replicating", "Unknown", "NoReport", "no sidecar has reported yet");
    }
    DatabaseStatus first = worst.getFirst();
    return switch (Health.of(first)) {
      case WELL ->
          condition(
              "Replicating", "True", "Replicating", counts.replicating() + " databases replicate");
      case ENDED ->
          condition(
              "Replicating", "False", "Stopped", "the last pod ended, with everything durable");
      case FAILED, DEGRADED, STARTING ->
          condition("Replicating", "False", reason(first), sentence(first));
    };
  }

  private Condition degraded() {
    int notWell = counts.degraded() + counts.failed();
    return notWell == 0
        ? condition("Degraded", "False", "AllWell", "no database is degraded")
        : condition("Degraded", "True", reason(worst.getFirst()), sentence(worst.getFirst()));
  }

  private static String reason(DatabaseStatus database) {
    String reason = Objects.requireNonNullElse(database.reason(), "");
    // A condition's reason has to be CamelCase; what a sidecar says is not ours to trust.
    return reason.matches("[A-Za-z][A-Za-z0-9_]{0,127}") ? reason : "NotReplicating";
  }

  private static String sentence(DatabaseStatus database) {
    String error = database.lastError();
    return database.pod()
        + " "
        + database.database()
        + ": "
        + (error == null ? String.valueOf(database.state()) : error);
  }

  private int count(Health health) {
    return (int) worst.stream().filter(database -> Health.of(database) == health).count();
  }

  private static String lag(DatabaseStatus database) {
    Long seconds = database.lagSeconds();
    return DurationText.format(Duration.ofSeconds(seconds == null ? 0 : seconds));
  }

  /** With the time of the last change of its status. */
  private Condition condition(String type, String status, String reason, String message) {
    Condition condition = new Condition();
    condition.setType(type);
    condition.setStatus(status);
    condition.setReason(reason);
    condition.setMessage(message);
    condition.setObservedGeneration(observed.generation());
    condition.setLastTransitionTime(
        before(type)
            .filter(earlier -> status.equals(earlier.getStatus()))
            .map(Condition::getLastTransitionTime)
            .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString()));
    return condition;
  }

  private Optional<Condition> before(String type) {
    return observed.before().map(ReplicationStatus::conditions).orElse(List.of()).stream()
        .filter(condition -> type.equals(condition.getType()))
        .findFirst();
  }
}
