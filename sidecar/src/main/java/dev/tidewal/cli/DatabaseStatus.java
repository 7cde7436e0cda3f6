package dev.tidewal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewal.core.ExitCode;
import dev.tidewal.core.Position;
import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.restore.ReplicaOverview;
import dev.tidewal.serve.Json;
import dev.tidewal.serve.StatusJson;
import dev.tidewal.state.Acknowledged;
import dev.tidewal.state.FencedMark;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one database, from up to three sides.
 *
 * @param local its file and its state directory; empty when only a replica was named
 * @param running what the sidecar says that runs it
 * @param replicas what the stores say, the authority first
 */
record DatabaseStatus(Optional<Local> local, Optional<JsonNode> running, List<Replica> replicas) {
  DatabaseStatus {
    replicas = List.copyOf(replicas);
  }

  /** What lies on this machine. */
  record Local(
      Path file,
      boolean exists,
      Path stateDirectory,
      Optional<Acknowledged> acknowledged,
      Optional<FencedMark> fenced) {}

  /**
   * One destination.
   *
   * @param error why there is no overview
   */
  record Replica(
      String name,
      String url,
      Optional<ReplicaOverview> overview,
      Optional<TidewalException> error) {
    ExitCode exitCode() {
      boolean broken = overview.flatMap(ReplicaOverview::problem).isPresent();
      return error.map(TidewalException::exitCode).orElse(broken ? ExitCode.CORRUPT : ExitCode.OK);
    }
  }

  // --- text ---

  String text() {
    StringBuilder text = new StringBuilder();
    local.ifPresent(known -> {
      text.append(known.file()).append(known.exists() ? "" : " (does not exist)").append('\n');
      text.append("  sidecar   ").append(running.map(DatabaseStatus::text).orElse(stopped()));
      text.append("\n  durable   ").append(state(known)).append('\n');
      known
          .fenced()
          .ifPresent(mark ->
              text.append("  FENCED    since ")
                  .append(mark.at())
                  .append(": ")
                  .append(mark.reason())
                  .append('\n'));
    });
    boolean authority = true;
    for (Replica replica : replicas) {
      text.append(text(replica, authority ? durable() : Optional.empty()));
      authority = false;
    }
    return text.toString();
  }

  private static String stopped() {
    return "no sidecar runs it here";
  }

  private static String text(JsonNode running) {
    // While all is well it tells how the sidecar started, which its log says.
    boolean isWell = running.path("state").asText().equals("replicating");
    String message = isWell ? "" : running.path("message").asText();
    Duration lag = Duration.ofMillis((long) (running.path("lagSeconds").asDouble() * 1000));
    return running.path("state").asText()
        + " ("
        + running.path("reason").asText()
        + "), local "
        + running.path("local").path("txid").asText()
        + ", lag "
        + Figures.time(lag)
        + " and "
        + Figures.bytes(running.path("lagBytes").asLong())
        + (message.isEmpty() ? "" : ": " + message);
  }

  private String state(Local known) {
    return durable()
        .map(position ->
            position.txid() + known.acknowledged().map(it -> ", owner " + it.owner()).orElse(""))
        .orElse("nothing yet: no state in " + known.stateDirectory());
  }

  /** The sidecar knows it first; its state directory has it without one. */
  private Optional<Position> durable() {
    Optional<Position> told =
        running
            .map(node -> node.path("durable"))
            .flatMap(
                node -> Txid.parse(node.path("txid").asText()).map(txid -> new Position(txid, 0)))
            .filter(position -> !position.isNone());
    return told.or(() -> local.flatMap(Local::acknowledged).map(Acknowledged::position));
  }

  private static String text(Replica replica, Optional<Position> durable) {
    StringBuilder text = new StringBuilder("  replica   ").append(replica.url()).append('\n');
    replica
        .error()
        .ifPresent(error -> text.append("    ERROR     ").append(error.getMessage()).append('\n'));
    replica.overview().ifPresent(overview -> text.append(text(overview, durable)));
    return text.toString();
  }

  private static String text(ReplicaOverview overview, Optional<Position> durable) {
    StringBuilder text = new StringBuilder();
    text.append("    head      ")
        .append(overview.head().map(DatabaseStatus::text).orElse("none"))
        .append(comparison(overview, durable))
        .append("\n    holds     ")
        .append(overview.objects())
        .append(overview.objects() == 1 ? " object, " : " objects, ")
        .append(Figures.bytes(overview.bytes()))
        .append(overview.levels().isEmpty() ? "" : ": ")
        .append(
            overview.levels().stream()
                .map(level -> "L" + level.level() + " " + level.objects())
                .collect(Collectors.joining(", ")))
        .append('\n');
    if (overview.earliest().isPresent() && overview.latest().isPresent()) {
      text.append("    restores  from ")
          .append(when(overview.earliest().get()))
          .append(" to ")
          .append(when(overview.latest().get()))
          .append('\n');
    }
    overview.problem().ifPresent(why -> text.append("    BROKEN    ").append(why).append('\n'));
    return text.toString();
  }

  private static String text(ReplicaOverview.State state) {
    return when(state) + state.owner().map(owner -> ", owner " + owner).orElse("");
  }

  private static String when(ReplicaOverview.State state) {
    return state.txid() + " (" + state.recorded() + ")";
  }

  /** The replica beside what this machine knows to be durable. */
  private static String comparison(ReplicaOverview overview, Optional<Position> durable) {
    if (durable.isEmpty()) {
      return "";
    }
    long ahead =
        overview.head().map(ReplicaOverview.State::txid).orElse(Txid.ZERO).value()
            - durable.get().txid().value();
    if (ahead == 0) {
      return "; as durable";
    }
    return ahead > 0
        ? "; " + ahead + " ahead of what is durable from here"
        : "; " + -ahead + " BEHIND what was durable: objects are missing";
  }

  // --- JSON ---

  Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> json = Json.object();
    json.put("database", local.map(Local::file));
    json.put("local", local.map(DatabaseStatus::json));
    json.put("sidecar", running.map(node -> new ObjectMapper().convertValue(node, Map.class)));
    json.put("replicas", replicas.stream().map(DatabaseStatus::json).toList());
    return json;
  }

  private static Map<String, @Nullable Object> json(Local local) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("exists", local.exists());
    json.put("stateDirectory", local.stateDirectory());
    json.put("durable", local.acknowledged().map(it -> StatusJson.position(it.position())));
    json.put("owner", local.acknowledged().map(Acknowledged::owner));
    json.put("fenced", local.fenced().map(FencedMark::reason));
    return json;
  }

  private static Map<String, @Nullable Object> json(Replica replica) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("name", replica.name());
    json.put("url", replica.url());
    json.put("error", replica.error().map(TidewalException::getMessage));
    replica
        .overview()
        .ifPresent(overview -> {
          json.put("head", overview.head().map(DatabaseStatus::json));
          json.put("earliest", overview.earliest().map(DatabaseStatus::json));
          json.put("latest", overview.latest().map(DatabaseStatus::json));
          json.put("problem", overview.problem());
          json.put("objects", overview.objects());
          json.put("bytes", overview.bytes());
          json.put("snapshots", count(overview, LtxName.SNAPSHOT_LEVEL));
          json.put("levels", overview.levels().stream().map(DatabaseStatus::json).toList());
        });
    return json;
  }

  private static int count(ReplicaOverview overview, int level) {
    return overview.levels().stream()
        .filter(each -> each.level() == level)
        .mapToInt(ReplicaOverview.Level::objects)
        .sum();
  }

  private static Map<String, @Nullable Object> json(ReplicaOverview.State state) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("txid", state.txid());
    json.put("recorded", state.recorded());
    json.put("owner", state.owner());
    return json;
  }

  private static Map<String, @Nullable Object> json(ReplicaOverview.Level level) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("level", level.level());
    json.put("objects", level.objects());
    json.put("bytes", level.bytes());
    return json;
  }
}
