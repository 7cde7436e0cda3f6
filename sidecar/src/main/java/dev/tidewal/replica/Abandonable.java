package dev.tidewal.replica;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Runs a blocking call so that its caller can leave it at any moment.
 *
 * <p>A platform thread that waits in a socket doesn't notice an interrupt; a virtual one does: its
 * socket is closed under it (JEP 353, 444). So the call runs in a virtual thread of its own, which
 * is interrupted when the caller is, or when time is up. The caller doesn't wait for it to end.
 */
final class Abandonable {
  private Abandonable() {}

  /**
   * Runs {@code call} for at most {@code timeout}.
   *
   * @param late takes a result that comes when nobody waits any more
   * @throws InterruptedException when the caller was interrupted
   * @throws TimeoutException when time was up
   * @throws ExecutionException around what the call threw
   */
  static <T> T run(String name, Duration timeout, Callable<T> call, Consumer<T> late)
      throws InterruptedException, TimeoutException, ExecutionException {
    CompletableFuture<T> outcome = new CompletableFuture<>();
    Thread thread = Thread.ofVirtual().name(name).start(() -> complete(outcome, call, late));
    try {
      return outcome.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      if (outcome.cancel(false)) {
        thread.interrupt();
      }
    }
  }

  // Whatever the call throws is its outcome, for the caller to judge.
  private static <T> void complete(
      CompletableFuture<T> outcome, Callable<T> call, Consumer<T> late) {
    try {
      T result = call.call();
      if (!outcome.complete(result)) {
        late.accept(result);
      }
    } catch (Throwable e) {
      outcome.completeExceptionally(e);
    }
  }
}
