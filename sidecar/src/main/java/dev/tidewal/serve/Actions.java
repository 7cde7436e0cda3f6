package dev.tidewal.serve;

import dev.tidewal.core.Nearest;
import dev.tidewal.core.Position;
import dev.tidewal.core.TidewalException;
import dev.tidewal.database.WalCheckpoint;
import dev.tidewal.supervisor.Databases;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** What can be asked of a running sidecar: sync, snapshot, checkpoint. Thread-safe. */
final class Actions {
  private final Databases databases;
  private final ActionPage sync;
  private final ActionPage snapshot;
  private final ActionPage checkpoint;

  Actions(Databases databases) {
    this.databases = databases;
    Semaphore callers = ActionPage.places();
    this.sync =
        new ActionPage(
            databases,
            "synced",
            callers,
            (request, path, wait) -> durable(databases.sync(path, wait)));
    this.snapshot =
        new ActionPage(
            databases,
            "stored",
            callers,
            (request, path, wait) -> durable(databases.snapshot(path, wait)));
    this.checkpoint = new ActionPage(databases, "checkpointed", callers, this::checkpoint);
  }

  Response sync(Request request) {
    return sync.answer(request);
  }

  Response snapshot(Request request) {
    return snapshot.answer(request);
  }

  Response checkpoint(Request request) {
    String mode = request.parameter("mode").orElse("passive");
    if (WalCheckpoint.Mode.parse(mode).isEmpty()) {
      List<String> known =
          Arrays.stream(WalCheckpoint.Mode.values()).map(WalCheckpoint.Mode::toString).toList();
      String nearest =
          Nearest.to(mode, known).map(name -> ": did you mean " + name + "?").orElse("");
      return Response.error(
          Response.BAD_REQUEST,
          "BadMode",
          "mode=" + mode + " is none of " + String.join(", ", known) + nearest);
    }
    return checkpoint.answer(request);
  }

  private Map<String, @Nullable Object> checkpoint(Request request, String path, Duration wait) {
    WalCheckpoint.Mode mode =
        request
            .parameter("mode")
            .flatMap(WalCheckpoint.Mode::parse)
            .orElse(WalCheckpoint.Mode.PASSIVE);
    WalCheckpoint.Report report = databases.checkpoint(path, mode, wait);
    if (!report.complete()) {
      throw new TidewalException.Refused(
          path
              + ": readers or writers of the application were in the way of a "
              + mode
              + " checkpoint for "
              + wait.toSeconds()
              + " s: end them, wait longer, or be content with passive");
    }
    return StatusJson.checkpoint(report);
  }

  private static Map<String, @Nullable Object> durable(Position position) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("durable", StatusJson.position(position));
    return json;
  }
}
