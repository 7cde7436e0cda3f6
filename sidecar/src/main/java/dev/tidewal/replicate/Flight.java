package dev.tidewal.replicate;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The one request to the store that is under way, on a thread of its own, and how long to wait
 * after one that failed.
 *
 * <p>All methods are for the thread of the database.
 */
final class Flight {
  /** How long a stream may hold the WAL before anybody asks how it goes. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Made before it is needed: then there may be nothing to make it of. */
  private static final UploadResult NO_MEMORY =
      new UploadResult.Failed(new IllegalStateException("an upload ended for lack of memory"));

  private record Request(Thread thread, CompletableFuture<UploadResult> result) {}

  private final String name;
  private final Runnable onLanding;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private @Nullable Request request;

  /** It does not heed its interrupt, and nobody waits for it any more. */
  private boolean givenUp;

  private long startNanos;
  private long walBytesAtStart;
  private RetryBackoff backoff = RetryBackoff.NONE;
  private long retryAtNanos = System.nanoTime();

  /**
   * @param name of what is uploaded, for its threads
   * @param onLanding called on the request's thread when its result can be taken
   */
  Flight(String name, Runnable onLanding) {
    this.name = name;
    this.onLanding = onLanding;
  }

  boolean isUnderWay() {
    return request != null;
  }

  /** Whether a request may begin: none is under way, and the last failure is long enough ago. */
  boolean isFree() {
    return request == null && nanosUntilRetry() == 0;
  }

  long nanosUntilRetry() {
    return Math.max(0, retryAtNanos - System.nanoTime());
  }

  /**
   * Begins a request.
   *
   * @param walBytes size of the WAL now
   */
  void start(Supplier<UploadResult> work, long walBytes) {
    startNanos = System.nanoTime();
    walBytesAtStart = walBytes;
    CompletableFuture<UploadResult> result = new CompletableFuture<>();
    Thread thread =
        Thread.ofVirtual()
            .name("upload " + name)
            .start(() -> {
              try {
                land(work, result);
              } finally {
                onLanding.run();
              }
            });
    request = new Request(thread, result);
  }

  /** Who waits for the result must get one, also when there is no memory for it. */
  private static void land(Supplier<UploadResult> work, CompletableFuture<UploadResult> result) {
    UploadResult outcome = NO_MEMORY;
    try {
      outcome = work.get();
    } catch (Throwable e) {
      outcome = new UploadResult.Failed(new IllegalStateException(e));
    } finally {
      result.complete(outcome);
    }
  }

  /** The result of a request that has ended; once. */
  Optional<UploadResult> take() {
    Request ended = request;
    if (ended == null || !ended.result().isDone()) {
      return Optional.empty(); // taken before, by the one who cancelled it
    }
    request = null;
    givenUp = false;
    return Optional.of(ended.result().join());
  }

  /**
   * Interrupts the request, waits for its end (within a second, by contract), and takes its result,
   * whatever it is. One that hangs in the operating system, as on a network volume that is gone,
   * heeds nothing: it is given up, stays under way, and its result comes when it comes.
   */
  Optional<UploadResult> cancel() {
    Request cancelled = request;
    if (cancelled != null && !givenUp) {
      cancelled.thread().interrupt();
      givenUp =
          cancelled
              .result()
              .thenApply(_ -> false)
              .completeOnTimeout(true, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
              .join();
    }
    return take();
  }

  void succeeded() {
    backoff = RetryBackoff.NONE;
  }

  void failed() {
    backoff = backoff.afterFailure();
    retryAtNanos = System.nanoTime() + backoff.delay(random).toNanos();
  }

  /** Failures in a row. */
  int failures() {
    return backoff.failures();
  }

  boolean isRecent() {
    return System.nanoTime() - startNanos < PATIENCE.toNanos();
  }

  /** By how much the WAL grew since the request began. */
  long walGrowthBytes(long walBytes) {
    return walBytes - walBytesAtStart;
  }
}
