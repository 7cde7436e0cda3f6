package dev.tidewal.replicate;

import dev.tidewal.core.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Callers that want every page sent. Those who asked before a full capture began are served by it,
 * the others by the next one. Used by the replicator's thread only.
 */
final class SnapshotRequests {
  private final List<CompletableFuture<Position>> waiting = new ArrayList<>();
  private final List<CompletableFuture<Position>> underWay = new ArrayList<>();

  void want(CompletableFuture<Position> future) {
    waiting.add(future);
  }

  /** Whether a full capture should begin. */
  boolean isWanted() {
    return !waiting.isEmpty();
  }

  /** A full capture begins. */
  void begin() {
    underWay.addAll(waiting);
    waiting.clear();
  }

  /** It is durable. */
  void done(Position position) {
    underWay.forEach(future -> future.complete(position));
    underWay.clear();
  }

  /** Its pages are durable, but not as a snapshot. */
  void failed(RuntimeException reason) {
    underWay.forEach(future -> future.completeExceptionally(reason));
    underWay.clear();
  }

  /** It was given up. */
  void abandoned() {
    waiting.addAll(underWay);
    underWay.clear();
  }

  void fail(RuntimeException reason) {
    abandoned();
    waiting.forEach(future -> future.completeExceptionally(reason));
    waiting.clear();
  }
}
