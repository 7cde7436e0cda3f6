package dev.tidewal.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** One database of one pod, as its sidecar said last. Times are RFC 3339, TXIDs 16 hex digits. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record DatabaseStatus(
    @JsonPropertyDescription("Path of the database in the pod.") String database,
    @JsonPropertyDescription("The pod.") String pod,
    @JsonPropertyDescription("The node of the pod.") @Nullable String node,
    @JsonPropertyDescription("Identity that owns the replica.") @Nullable String owner,
    @JsonPropertyDescription("Newest transaction of the database.") @Nullable String txid,
    @JsonPropertyDescription("Newest transaction that the first destination has.")
        @Nullable String durableTxid,
    @JsonPropertyDescription("How long the oldest commit that is not yet durable has waited.")
        @Nullable Long lagSeconds,
    @JsonPropertyDescription("Bytes that are committed and not yet durable.")
        @Nullable Long lagBytes,
    @JsonPropertyDescription("When the first destination last took an object.")
        @Nullable String lastSyncTime,
    @JsonPropertyDescription("When the last snapshot was stored.")
        @Nullable String lastSnapshotTime,
    @JsonPropertyDescription("Earliest moment that a restore can go back to.")
        @Nullable String earliestRestorable,
    @JsonPropertyDescription("Latest moment that a restore reaches.")
        @Nullable String latestRestorable,
    @JsonPropertyDescription("State of the database's replication.") @Nullable String state,
    @JsonPropertyDescription("Why it is in that state, as a word.") @Nullable String reason,
    @JsonPropertyDescription("The last error, with its cure.") @Nullable String lastError) {}
