package dev.tidewal.serve;

import dev.tidewal.core.DurationText;
import dev.tidewal.core.Nearest;
import dev.tidewal.core.TidewalException;
import dev.tidewal.supervisor.Databases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/sync?db=PATH&wait=30s} and its like: answers when something was done to a
 * database. Without {@code db} it is done to all of them, side by side.
 */
final class ActionPage {
  private static final Duration DEFAULT_WAIT = Duration.ofSeconds(30);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  /** Waiting callers never take all of the server's slots: probes still get through. */
  private static final int MOST_WAITING = StatusServer.MOST_REQUESTS / 2;

  private final Databases databases;
  private final String done;
  private final Semaphore callers;
  private final Action action;

  /** What is done to one database; its result is part of the answer. */
  @FunctionalInterface
  interface Action {
    Map<String, @Nullable Object> run(Request request, String database, Duration wait);
  }

  /**
   * @param done member of the answer that says whether it was done
   * @param callers places for callers that wait, shared by all such pages
   */
  ActionPage(Databases databases, String done, Semaphore callers, Action action) {
    this.databases = databases;
    this.done = done;
    this.callers = callers;
    this.action = action;
  }

  static Semaphore places() {
    return new Semaphore(MOST_WAITING);
  }

  Response answer(Request request) {
    Duration wait;
    try {
      wait = request.parameter("wait").map(DurationText::parse).orElse(DEFAULT_WAIT);
    } catch (IllegalArgumentException notADuration) {
      return Response.error(
          Response.BAD_REQUEST,
          "BadWait",
          "wait=" + request.parameter("wait").orElse("") + " " + notADuration.getMessage());
    }
    if (wait.compareTo(LONGEST_WAIT) > 0) {
      return Response.error(
          Response.BAD_REQUEST, "BadWait", "wait is longer than 10m: ask again instead");
    }
    List<String> running =
        databases.statuses().stream().map(status -> status.database().toString()).toList();
    Optional<String> one = request.parameter("db");
    if (one.isPresent() && !running.contains(one.get())) {
      return Response.error(Response.NOT_FOUND, "UnknownDatabase", unknown(one.get(), running));
    }
    if (!callers.tryAcquire()) {
      return Response.busy(MOST_WAITING + " calls wait already");
    }
    try {
      return run(request, one.map(List::of).orElse(running), wait);
    } finally {
      callers.release();
    }
  }

  private static String unknown(String database, List<String> running) {
    String nearest =
        Nearest.to(database, running).map(name -> ": did you mean " + name + "?").orElse("");
    return "no database " + database + " runs here" + nearest;
  }

  private Response run(Request request, List<String> paths, Duration wait) {
    List<Outcome> outcomes = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Outcome>> waiting =
          paths.stream().map(path -> threads.submit(() -> run(request, path, wait))).toList();
      for (Future<Outcome> outcome : waiting) {
        outcomes.add(outcome.get());
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return Response.error(Response.UNAVAILABLE, "Stopping", "the sidecar is stopping");
    } catch (ExecutionException defect) {
      throw new IllegalStateException(defect.getCause());
    }
    Map<String, @Nullable Object> json = Json.object();
    json.put("databases", outcomes.stream().map(outcome -> outcome.json(done)).toList());
    int worst = outcomes.stream().mapToInt(Outcome::status).max().orElse(Response.OK);
    return Response.json(worst, json);
  }

  private Outcome run(Request request, String path, Duration wait) {
    try {
      return new Outcome(path, Response.OK, Optional.of(action.run(request, path, wait)), "", "");
    } catch (TidewalException problem) {
      return new Outcome(
          path,
          statusOf(problem),
          Optional.empty(),
          problem.getClass().getSimpleName(),
          String.valueOf(problem.getMessage()));
    }
  }

  private static int statusOf(TidewalException problem) {
    return switch (problem) {
      case TidewalException.Usage gone -> Response.NOT_FOUND;
      case TidewalException.NotFound gone -> Response.NOT_FOUND;
      case TidewalException.NothingToRestore nothing -> Response.NOT_FOUND;
      case TidewalException.Fenced fenced -> Response.CONFLICT;
      case TidewalException.Refused refused -> Response.CONFLICT;
      case TidewalException.PreconditionFailed taken -> Response.CONFLICT;
      case TidewalException.PermissionDenied denied -> Response.UNAVAILABLE;
      case TidewalException.Corrupt corrupt -> Response.INTERNAL_ERROR;
      case TidewalException.Cancelled cancelled -> Response.UNAVAILABLE;
      case TidewalException.StoreUnreachable late -> Response.TIMED_OUT;
    };
  }

  /**
   * One database's answer; several together get the highest status among them.
   *
   * @param error the kind of {@link TidewalException}, empty when it went well
   */
  private record Outcome(
      String database,
      int status,
      Optional<Map<String, @Nullable Object>> result,
      String error,
      String message) {
    Map<String, @Nullable Object> json(String done) {
      Map<String, @Nullable Object> json = Json.object();
      json.put("database", database);
      json.put(done, result.isPresent());
      result.ifPresent(json::putAll);
      if (result.isEmpty()) {
        json.put("error", error);
        json.put("message", message);
      }
      return json;
    }
  }
}
