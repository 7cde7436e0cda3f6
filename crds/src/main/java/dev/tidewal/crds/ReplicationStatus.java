package dev.tidewal.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the replica is, as the sidecars said last. Written by the operator's leader only.
 *
 * <p>The summary fields are those of the database that is furthest behind.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ReplicationStatus(
    @JsonPropertyDescription("One word for all of it.") @Nullable Phase phase,
    @JsonPropertyDescription("Generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Ready, BucketReady, Injected, Replicating and Degraded.")
        @Nullable List<Condition> conditions,
    @JsonPropertyDescription("Lag of the database that is furthest behind, such as 1s or 2m.")
        @Nullable String lag,
    @JsonPropertyDescription("Its newest transaction (16 hex digits).") @Nullable String txid,
    @JsonPropertyDescription("Its newest transaction that the first destination has.")
        @Nullable String durableTxid,
    @JsonPropertyDescription("When the newest snapshot of any database was stored.")
        @Nullable String lastSnapshotTime,
    @JsonPropertyDescription("Bucket or directory of the first destination.")
        @Nullable String bucket,
    @JsonPropertyDescription("Pod of the database that is furthest behind.") @Nullable String pod,
    @JsonPropertyDescription("How many databases are in which state.") @Nullable Counts counts,
    @JsonPropertyDescription("The fifty databases that are worst off.")
        @Nullable List<DatabaseStatus> databases) {

  /** What is empty does not come back from the API server, and would never equal it. */
  public ReplicationStatus {
    conditions = conditions == null || conditions.isEmpty() ? null : List.copyOf(conditions);
    databases = databases == null || databases.isEmpty() ? null : List.copyOf(databases);
    lag = orNull(lag);
    txid = orNull(txid);
    durableTxid = orNull(durableTxid);
    lastSnapshotTime = orNull(lastSnapshotTime);
    bucket = orNull(bucket);
    pod = orNull(pod);
  }

  private static @Nullable String orNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  /** One word for all of it, from the worst of the databases. */
  public enum Phase {
    Pending,
    Waiting,
    Replicating,
    Degraded,
    Failed,
    Paused
  }

  /** How many databases, and how many of them are not well. */
  public record Counts(
      @JsonPropertyDescription("Databases that sidecars told of.") int databases,
      @JsonPropertyDescription("Of them, those that replicate.") int replicating,
      @JsonPropertyDescription("Of them, those whose store does not answer.") int degraded,
      @JsonPropertyDescription("Of them, those that are fenced, refused or stopped.") int failed,
      @JsonPropertyDescription("Annotated pods that run without the sidecar.") int missing) {}
}
