package dev.tidewal.serve;

import dev.tidewal.core.Lag;
import dev.tidewal.core.Position;
import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.database.WalCheckpoint;
import dev.tidewal.replicate.ReplicationState;
import dev.tidewal.replicate.ReplicationStatus;
import dev.tidewal.replicate.ReplicationStatus.DestinationStatus;
import dev.tidewal.replicate.ReplicationStatus.DiagnosisLine;
import dev.tidewal.supervisor.Databases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Databases whose state a test sets; a sync answers by that state and never waits. */
public final class FakeDatabases implements Databases {
  private final Map<String, ReplicationStatus> statuses = new ConcurrentSkipListMap<>();

  public void put(String path, ReplicationState state, String reason, String message) {
    statuses.put(path, status(path, state, reason, message));
  }

  public void remove(String path) {
    statuses.remove(path);
  }

  @Override
  public List<ReplicationStatus> statuses() {
    return List.copyOf(statuses.values());
  }

  @Override
  public Position sync(String database, Duration wait) {
    ReplicationStatus status = statuses.get(database);
    if (status == null) {
      throw new TidewalException.Usage("no database " + database);
    }
    return switch (status.state()) {
      case FENCED -> throw new TidewalException.Fenced("another owner took " + database);
      case DEGRADED -> throw new TidewalException.StoreUnreachable(wait.toSeconds() + " s passed");
      case REFUSED -> throw new TidewalException.Refused(database + " was refused");
      case WAITING_FOR_DATABASE, STARTING, REPLICATING, STOPPED -> status.durable();
    };
  }

  @Override
  public Position snapshot(String database, Duration wait) {
    return sync(database, wait);
  }

  /** A reader is in the way of everything but a passive checkpoint. */
  @Override
  public WalCheckpoint.Report checkpoint(String database, WalCheckpoint.Mode mode, Duration wait) {
    var _ = sync(database, wait);
    return new WalCheckpoint.Report(mode, mode == WalCheckpoint.Mode.PASSIVE, 12, 10, 49_440);
  }

  public static ReplicationStatus status(
      String path, ReplicationState state, String reason, String message) {
    return new ReplicationStatus(
        Path.of(path),
        state,
        reason,
        message,
        new Position(new Txid(12), 0),
        new Position(new Txid(10), 0x8000000000000abcL),
        new Lag(Duration.ofMillis(1500), 8240),
        1_048_576,
        40_992,
        true,
        0,
        Optional.of(Instant.parse("2026-11-20T10:00:00Z")),
        Optional.empty(),
        Optional.empty(),
        Optional.of("0123456789abcdef"),
        List.of(
            new DestinationStatus(
                "file", "file:///replica", new Position(new Txid(10), 0), Optional.empty())),
        List.of(new DiagnosisLine("LongReader", "a reader holds the WAL", "end its transaction")));
  }
}
