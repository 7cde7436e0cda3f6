package dev.tidewal.fence;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxHeader.WalSpan;
import dev.tidewal.ltx.LtxWriter;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.state.StateDirectory;
import dev.tidewal.wal.WalPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** One machine's side of a replica, for tests: its state directory, clock and root marker. */
final class Sidecar implements AutoCloseable {
  static final int PAGE_SIZE = 512;
  private static final long CHECKSUM = 1L << 63;

  final ReplicaClient client;
  final AtomicLong nanos = new AtomicLong();
  Instant wall = Instant.parse("2026-11-20T12:00:00Z");
  Fencing fencing = Fencing.CONDITIONAL_CREATE;
  String pod = "pod-1";
  Path database;
  StateDirectory state;

  Sidecar(ReplicaClient client, Path directory) throws IOException {
    this.client = client;
    this.database = directory.resolve("app.db");
    this.state = StateDirectory.open(database, Optional.empty());
  }

  ChainContext context() {
    RootMarkers markers =
        new RootMarkers(
            client,
            new RootMarkers.Wanted("", "test", Optional.empty(), false),
            () -> fencing == Fencing.CONDITIONAL_CREATE);
    Clocks clocks = new Clocks(nanos::get, () -> wall);
    return new ChainContext(client, state, markers.ensure(), pod, clocks);
  }

  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    wall = wall.plus(time);
  }

  ReplicaHead head() {
    return new HeadReader(client).read(Optional.empty());
  }

  ReplicaHead.At headAt() {
    return (ReplicaHead.At) head();
  }

  /** Starts an empty replica with one page. */
  Chain first(int fill) throws IOException {
    return claimed(Claims.first(context(), batch(fill), nanos.get()));
  }

  /** Claims whatever the head is, as if continuity were proven. */
  Chain resume() throws IOException {
    return claimed(claim(headAt()));
  }

  ClaimResult claim(ReplicaHead.At head) throws IOException {
    return Claims.claim(
        context(), new StartPlan.Resume(StartProblem.RESUMED, "", head), nanos.get());
  }

  static Chain claimed(ClaimResult result) {
    return switch (result) {
      case ClaimResult.Claimed claimed -> claimed.chain();
      case ClaimResult.DecideAgain again -> throw new AssertionError(again.why());
    };
  }

  /** One page, and a WAL range that tells which one it is. */
  Batch batch(int fill) {
    return batch(fill, wall);
  }

  Batch batch(int fill, Instant timestamp) {
    byte[] page = new byte[PAGE_SIZE];
    java.util.Arrays.fill(page, (byte) fill);
    return new Batch(
        1,
        PAGE_SIZE,
        new WalSpan(32 + 536L * (fill - 1), 536, 7, 8),
        Optional.of(point(fill)),
        CHECKSUM | fill,
        timestamp,
        2048,
        (header, out) -> {
          try (LtxWriter writer = new LtxWriter(out, header, state.scratch())) {
            writer.page(1, page, 0);
            return writer.finish();
          }
        });
  }

  static WalPoint point(int fill) {
    return new WalPoint(7, 8, 32 + 536L * fill, 1000 + fill, 2000 + fill);
  }

  static Txid txid(long value) {
    return new Txid(value);
  }

  /** The process ends; its state directory stays. */
  void restart() throws IOException {
    state.close();
    state = StateDirectory.open(database, Optional.empty());
  }

  @Override
  public void close() {
    try {
      state.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Facts that need nothing. */
  static Starter.LocalFacts always(LocalDatabase database) {
    return (head, acknowledged, needs) -> database;
  }

  Set<Long> objects() {
    java.util.Set<Long> txids = new java.util.TreeSet<>();
    client.list(0, Txid.ZERO, false).forEachRemaining(info -> txids.add(info.name().max().value()));
    return txids;
  }
}
