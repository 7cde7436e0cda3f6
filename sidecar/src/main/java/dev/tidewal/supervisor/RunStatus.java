package dev.tidewal.supervisor;

import dev.tidewal.core.Lag;
import dev.tidewal.core.Position;
import dev.tidewal.replicate.ReplicationProgress;
import dev.tidewal.replicate.ReplicationState;
import dev.tidewal.replicate.ReplicationStatus;
import dev.tidewal.replicate.ReplicationStatus.DestinationStatus;
import dev.tidewal.replicate.ReplicationStatus.DiagnosisLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The visible side of one database's run. Written by its thread, read by any. */
final class RunStatus {
  private final Path database;
  private final ReplicationProgress progress;
  private final DestinationStatus authority;
  private State state =
      new State(ReplicationState.STARTING, "Starting", "", Optional.empty(), List.of());
  private final Map<String, DestinationStatus> mirrors = new LinkedHashMap<>();
  private Optional<Instant> lastSnapshot = Optional.empty();

  private record State(
      ReplicationState state,
      String reason,
      String message,
      Optional<String> owner,
      List<DiagnosisLine> diagnoses) {}

  RunStatus(Path database, String type, String url, ReplicationProgress progress) {
    this.database = database;
    this.progress = progress;
    this.authority = new DestinationStatus(type, url, Position.NONE, Optional.empty());
  }

  Path database() {
    return database;
  }

  synchronized ReplicationState state() {
    return state.state();
  }

  synchronized void is(ReplicationState now, String reason, String message) {
    state = new State(now, reason, message, state.owner(), state.diagnoses());
  }

  synchronized boolean shows(String reason, String message) {
    return state.reason().equals(reason) && state.message().equals(message);
  }

  synchronized void owner(Optional<String> owner) {
    state = new State(state.state(), state.reason(), state.message(), owner, state.diagnoses());
  }

  synchronized void diagnoses(List<DiagnosisLine> found) {
    state =
        new State(
            state.state(), state.reason(), state.message(), state.owner(), List.copyOf(found));
  }

  synchronized void mirror(DestinationStatus now) {
    mirrors.put(now.type(), now);
  }

  synchronized void snapshot(Instant when) {
    lastSnapshot = Optional.of(when);
  }

  synchronized ReplicationStatus view() {
    ReplicationProgress.View now = progress.view();
    boolean degraded = state.state() == ReplicationState.REPLICATING && now.degraded();
    Lag lag = now.lag();
    List<DestinationStatus> destinations = new ArrayList<>();
    destinations.add(
        new DestinationStatus(authority.type(), authority.url(), now.durable(), now.lastError()));
    destinations.addAll(mirrors.values());
    return new ReplicationStatus(
        database,
        degraded ? ReplicationState.DEGRADED : state.state(),
        degraded ? "StoreUnreachable" : state.reason(),
        degraded ? now.lastError().orElse("") : state.message(),
        lag.isNone() ? now.durable() : new Position(now.durable().txid().next(), 0),
        now.durable(),
        lag,
        size(database),
        now.walBytes(),
        now.sealed(),
        now.spoolBytes(),
        now.lastSuccess(),
        lastSnapshot,
        now.lastError(),
        state.owner(),
        destinations,
        state.diagnoses());
  }

  private static long size(Path database) {
    try {
      return Files.size(database);
    } catch (IOException e) {
      return 0;
    }
  }
}
