package dev.tidewal.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.crds.DatabaseSpec;
import dev.tidewal.crds.DatabaseStatus;
import dev.tidewal.crds.DestinationSpec;
import dev.tidewal.crds.ReplicationSpec;
import dev.tidewal.crds.ReplicationStatus;
import dev.tidewal.crds.ReplicationStatus.Phase;
import dev.tidewal.operator.cosi.BucketState;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusViewTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final BucketState READY = new BucketState.Ready("backups");

  @Test
  void withoutAnyReportItWaits() {
    ReplicationStatus status = of(READY, List.of(), 0, 0);

    assertThat(status.phase()).isEqualTo(Phase.Waiting);
    assertThat(condition(status, "Ready").getReason()).isEqualTo("NoPods");
  }

  @Test
  void aBucketThatIsNotThereComesFirst() {
    ReplicationStatus status =
        of(
            new BucketState.NotReady("b", "AccessNotGranted", "BucketAccess x is not ready"),
            List.of(database("a", "replicating", 0)),
            1,
            0);

    assertThat(status.phase()).isEqualTo(Phase.Pending);
    assertThat(condition(status, "Ready").getMessage()).contains("BucketAccess x");
  }

  @Test
  void oneThatIsFencedSpeaksForAll() {
    ReplicationStatus status =
        of(
            READY,
            List.of(
                database("a", "replicating", 900),
                database("b", "fenced", 0),
                database("c", "degraded", 5)),
            3,
            0);

    assertThat(status.phase()).isEqualTo(Phase.Failed);
    assertThat(status.pod()).isEqualTo("b");
    assertThat(status.databases()).extracting(DatabaseStatus::pod).containsExactly("b", "c", "a");
    assertThat(status.counts()).isEqualTo(new ReplicationStatus.Counts(3, 1, 1, 1, 0));
  }

  @Test
  void aStateOfANewerSidecarIsNotCalledWell() {
    assertThat(of(READY, List.of(database("a", "hibernating", 0)), 1, 0).phase())
        .isEqualTo(Phase.Degraded);
  }

  @Test
  void podsWithoutTheSidecarStandAgainstReady() {
    ReplicationStatus status = of(READY, List.of(database("a", "replicating", 0)), 1, 2);

    assertThat(condition(status, "Ready").getReason()).isEqualTo("SidecarMissing");
    assertThat(condition(status, "Injected").getMessage()).startsWith("2 pods");
  }

  @Test
  void fiftyOfThemAreShownAndAllAreCounted() {
    List<DatabaseStatus> many = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      many.add(database("pod-" + i, i == 77 ? "degraded" : "replicating", 0));
    }

    ReplicationStatus status = of(READY, many, 120, 0);

    assertThat(status.databases()).hasSize(50);
    assertThat(status.databases().getFirst().pod()).isEqualTo("pod-77");
    assertThat(status.counts().databases()).isEqualTo(120);
  }

  @Test
  void aConditionKeepsItsTimeUntilItChanges() {
    ReplicationStatus first = of(READY, List.of(database("a", "replicating", 0)), 1, 0);
    Observed later = observed(READY, List.of(database("a", "degraded", 9)), 1, 0, first);

    ReplicationStatus second = StatusView.of(later, NOW.plus(Duration.ofHours(1)));

    assertThat(condition(second, "Injected").getLastTransitionTime())
        .isEqualTo("2026-11-20T12:00:00Z");
    assertThat(condition(second, "Degraded").getLastTransitionTime())
        .isEqualTo("2026-11-20T13:00:00Z");
  }

  @Test
  void theSameFactsGiveTheSameStatusAtAnyTime() {
    ReplicationStatus first = of(READY, List.of(database("a", "replicating", 0)), 1, 0);
    Observed same = observed(READY, List.of(database("a", "replicating", 0)), 1, 0, first);

    assertThat(StatusView.of(same, NOW.plus(Duration.ofDays(1)))).isEqualTo(first);
  }

  @Test
  void aReasonThatNoConditionMayHaveIsReplaced() {
    DatabaseStatus odd =
        new DatabaseStatus(
            "/d",
            "p",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            "degraded",
            "not a reason!",
            "x");

    assertThat(condition(of(READY, List.of(odd), 1, 0), "Degraded").getReason())
        .isEqualTo("NotReplicating");
  }

  @Test
  void aDatabaseThatEndedInOrderIsNoFailure() {
    ReplicationStatus status = of(READY, List.of(stopped("a", "Stopped")), 0, 0);

    assertThat(status.phase()).isEqualTo(Phase.Waiting);
    assertThat(condition(status, "Degraded").getStatus()).isEqualTo("False");
    assertThat(condition(status, "Replicating").getReason()).isEqualTo("Stopped");
    assertThat(status.counts()).isEqualTo(new ReplicationStatus.Counts(1, 0, 0, 0, 0));
  }

  @Test
  void oneThatEndedWithCommitsLeftIsAFailure() {
    ReplicationStatus status = of(READY, List.of(stopped("a", "StoppedBehind")), 0, 0);

    assertThat(status.phase()).isEqualTo(Phase.Failed);
    assertThat(condition(status, "Degraded").getReason()).isEqualTo("StoppedBehind");
  }

  @Test
  void oneThatEndedSaysNothingAgainstOneThatReplicates() {
    ReplicationStatus status =
        of(READY, List.of(stopped("a", "Stopped"), database("b", "replicating", 0)), 1, 0);

    assertThat(status.phase()).isEqualTo(Phase.Replicating);
    assertThat(status.pod()).isEqualTo("b");
    assertThat(condition(status, "Replicating").getMessage()).isEqualTo("1 databases replicate");
  }

  @Test
  void whatComesBackFromTheApiServerIsTheSame() {
    BucketState nameless = new BucketState.NotReady("", "ApiError", "refused");
    ReplicationStatus empty = of(nameless, List.of(), 0, 0);
    ReplicationStatus full = of(READY, List.of(database("a", "replicating", 0)), 1, 0);

    assertThat(backFromTheApiServer(empty)).isEqualTo(empty);
    assertThat(backFromTheApiServer(full)).isEqualTo(full);
  }

  private static ReplicationStatus backFromTheApiServer(ReplicationStatus status) {
    return Serialization.unmarshal(Serialization.asJson(status), ReplicationStatus.class);
  }

  private static DatabaseStatus stopped(String pod, String reason) {
    return new DatabaseStatus(
        "/data/app.db",
        pod,
        null,
        null,
        null,
        null,
        0L,
        0L,
        null,
        null,
        null,
        null,
        "stopped",
        reason,
        null);
  }

  private static ReplicationStatus of(
      BucketState bucket, List<DatabaseStatus> databases, int pods, int podsWithout) {
    return StatusView.of(observed(bucket, databases, pods, podsWithout, null), NOW);
  }

  private static Observed observed(
      BucketState bucket,
      List<DatabaseStatus> databases,
      int pods,
      int podsWithout,
      ReplicationStatus before) {
    ReplicationSpec spec =
        new ReplicationSpec(
            List.of(new DatabaseSpec("/data/app.db", null, null, null, null)),
            List.of(
                new DestinationSpec(
                    "primary", null, null, new DestinationSpec.FileSpec("/b"), null)),
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    return new Observed(
        7,
        spec,
        Optional.ofNullable(before),
        Optional.empty(),
        bucket,
        databases,
        pods,
        podsWithout);
  }

  private static DatabaseStatus database(String pod, String state, long lagSeconds) {
    return new DatabaseStatus(
        "/data/app.db",
        pod,
        null,
        null,
        "2b",
        "2a",
        lagSeconds,
        0L,
        null,
        null,
        null,
        null,
        state,
        "Resumed",
        null);
  }

  private static Condition condition(ReplicationStatus status, String type) {
    return status.conditions().stream()
        .filter(condition -> condition.getType().equals(type))
        .findFirst()
        .orElseThrow();
  }
}
