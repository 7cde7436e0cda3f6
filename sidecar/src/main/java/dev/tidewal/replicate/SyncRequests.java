package dev.tidewal.replicate;

import dev.tidewal.core.Position;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Callers that wait until everything committed before their call is durable.
 *
 * <p>A request is satisfied by a capture that began after it, once that capture and all before it
 * are durable; or by one that found nothing while nothing was waiting. Used by the replicator's
 * thread only.
 */
final class SyncRequests {
  private final List<Request> waiting = new ArrayList<>();

  private record Request(CompletableFuture<Position> future, long needsCapture) {}

  /** Adds a request; {@code nextCapture} is the number that the next capture will have. */
  void add(CompletableFuture<Position> future, long nextCapture) {
    waiting.add(new Request(future, nextCapture));
  }

  boolean isEmpty() {
    waiting.removeIf(request -> request.future().isDone());
    return waiting.isEmpty();
  }

  /** Everything up to and including capture {@code number} is durable at {@code position}. */
  void durable(long number, Position position) {
    for (Iterator<Request> each = waiting.iterator(); each.hasNext(); ) {
      Request request = each.next();
      if (request.needsCapture() <= number) {
        request.future().complete(position);
        each.remove();
      }
    }
  }

  void fail(RuntimeException reason) {
    waiting.forEach(request -> request.future().completeExceptionally(reason));
    waiting.clear();
  }
}
