package dev.tidewal.core;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a sidecar tells the operator about its databases: the body of {@code PUT /v1/positions}.
 *
 * <p>Both sides ignore fields that they don't know, and {@code version} counts what would change
 * the meaning of known ones; so sidecars and operators of different ages understand each other.
 *
 * @param version of the protocol, {@link #VERSION}
 * @param replication {@code namespace/name} of the SqliteReplication
 * @param node where the pod runs
 * @param isFinal the last word of a sidecar that ends in order
 * @param databases all databases of this sidecar
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PositionReport(
    int version,
    String replication,
    @Nullable String node,
    boolean isFinal,
    List<Database> databases) {
  public static final int VERSION = 1;
  public static final String PATH = "/v1/positions";

  private static final ObjectMapper JSON = new ObjectMapper();

  public PositionReport {
    Objects.requireNonNull(replication, "replication");
    databases = databases == null ? List.of() : List.copyOf(databases);
  }

  /**
   * One database. Times are RFC 3339, TXIDs 16 hex digits.
   *
   * @param database path in the pod
   * @param owner identity that owns the replica
   * @param txid newest transaction of the database
   * @param durableTxid newest transaction that the first destination has
   * @param lagSeconds how long the oldest commit that is not yet durable has waited
   * @param lagBytes bytes that are committed and not yet durable
   * @param lastSyncTime when the first destination last took an object
   * @param lastSnapshotTime when the last snapshot was stored
   * @param earliestRestorable earliest moment that a restore can go back to
   * @param latestRestorable latest moment that a restore reaches
   * @param state of replication, as {@code /status} has it
   * @param reason why it is in that state
   * @param lastError with its cure
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Database(
      String database,
      @Nullable String owner,
      @Nullable String txid,
      @Nullable String durableTxid,
      @Nullable Long lagSeconds,
      @Nullable Long lagBytes,
      @Nullable String lastSyncTime,
      @Nullable String lastSnapshotTime,
      @Nullable String earliestRestorable,
      @Nullable String latestRestorable,
      @Nullable String state,
      @Nullable String reason,
      @Nullable String lastError) {
    public Database {
      Objects.requireNonNull(database, "database");
    }
  }

  public byte[] toJson() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Reads a body.
   *
   * @throws IOException when it is no report
   */
  public static PositionReport parse(byte[] json) throws IOException {
    return JSON.readValue(json, PositionReport.class);
  }
}
