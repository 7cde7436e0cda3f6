package dev.tidewal.replicate;

import dev.tidewal.core.Lag;
import dev.tidewal.core.Position;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One database's replication at one moment.
 *
 * @param database the SQLite file
 * @param reason short CamelCase word for the state, for example {@code Resumed}, {@code
 *     StoreUnreachable}
 * @param message one line for a person; empty when there is nothing to say
 * @param local the pending position: what the replica will be at when everything captured is
 *     durable
 * @param durable the last position that the first destination acknowledged
 * @param walBytes size of the WAL file
 * @param spoolBytes bytes waiting on local disk
 * @param destinations each destination's own acknowledged position, the authority first
 * @param diagnoses what we would change about the application, each with its cure
 */
public record ReplicationStatus(
    Path database,
    ReplicationState state,
    String reason,
    String message,
    Position local,
    Position durable,
    Lag lag,
    long databaseBytes,
    long walBytes,
    boolean sealed,
    long spoolBytes,
    Optional<Instant> lastSuccess,
    Optional<Instant> lastSnapshot,
    Optional<String> lastError,
    Optional<String> owner,
    List<DestinationStatus> destinations,
    List<DiagnosisLine> diagnoses) {
  public ReplicationStatus {
    destinations = List.copyOf(destinations);
    diagnoses = List.copyOf(diagnoses);
  }

  /** One destination's progress. */
  public record DestinationStatus(
      String type, String url, Position durable, Optional<String> lastError) {}

  /** A finding about the application: a code for machines, a sentence and a cure for people. */
  public record DiagnosisLine(String code, String sentence, String cure) {}
}
