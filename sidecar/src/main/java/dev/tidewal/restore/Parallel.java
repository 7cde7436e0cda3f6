package dev.tidewal.restore;

import dev.tidewal.core.TidewalException.Cancelled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs one call for each of many items, some at a time, and keeps their order. */
final class Parallel {
  private Parallel() {}

  /**
   * Applies {@code call} to each item on virtual threads.
   *
   * @throws Cancelled when the calling thread is interrupted; the calls are interrupted too
   */
  static <T, R> List<R> map(List<T> items, int atOnce, Function<T, R> call) {
    Semaphore slots = new Semaphore(atOnce);
    List<Future<R>> futures = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        for (T item : items) {
          futures.add(threads.submit(limited(slots, () -> call.apply(item))));
        }
        List<R> results = new ArrayList<>();
        for (Future<R> future : futures) {
          results.add(future.get());
        }
        return results;
      } catch (InterruptedException e) {
        threads.shutdownNow();
        Thread.currentThread().interrupt();
        throw new Cancelled("cancelled", e);
      } catch (ExecutionException e) {
        threads.shutdownNow();
        throw rethrown(e.getCause());
      }
    }
  }

  private static <R> Callable<R> limited(Semaphore slots, Callable<R> call) {
    return () -> {
      slots.acquire();
      try {
        return call.call();
      } finally {
        slots.release();
      }
    };
  }

  private static RuntimeException rethrown(@Nullable Throwable cause) {
    return switch (cause) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      case null, default -> new IllegalStateException(cause);
    };
  }
}
