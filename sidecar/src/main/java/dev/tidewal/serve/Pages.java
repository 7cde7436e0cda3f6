package dev.tidewal.serve;

import dev.tidewal.replicate.ReplicationStatus;
import dev.tidewal.supervisor.Databases;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What each path answers. Thread-safe. */
final class Pages {
  private final Databases databases;
  private final EngineMetrics metrics;
  private final Map<String, Page> pages = new TreeMap<>();

  Pages(Databases databases, EngineMetrics metrics) {
    this.databases = databases;
    this.metrics = metrics;
    Actions actions = new Actions(databases);
    metrics.add(new DatabaseCollector(databases));
    pages.put("/", new Page("GET", request -> index()));
    pages.put("/metrics", new Page("GET", this::metrics));
    pages.put("/healthz", new Page("GET", request -> health()));
    pages.put("/readyz", new Page("GET", request -> readiness()));
    pages.put("/status", new Page("GET", request -> status()));
    pages.put("/v1/sync", new Page("POST", actions::sync));
    pages.put("/v1/snapshot", new Page("POST", actions::snapshot));
    pages.put("/v1/checkpoint", new Page("POST", actions::checkpoint));
  }

  Response answer(Request request) {
    Page page = pages.get(request.path());
    if (page == null) {
      return Response.error(
          Response.NOT_FOUND,
          "NoSuchPage",
          "no page " + request.path() + ": there are " + String.join(", ", pages.keySet()));
    }
    String asked = request.method().equals("HEAD") ? "GET" : request.method();
    if (!asked.equals(page.method)) {
      return Response.error(
              Response.METHOD_NOT_ALLOWED,
              "MethodNotAllowed",
              request.path() + " takes " + page.method + ", not " + request.method())
          .with("Allow", page.method);
    }
    return page.handler.answer(request);
  }

  private Response index() {
    Map<String, @Nullable Object> json = Json.object();
    json.put("tidewal", Version.tidewal());
    pages.forEach((path, page) -> json.put(path, page.method));
    return Response.json(Response.OK, json);
  }

  private Response metrics(Request request) {
    metrics.retainDatabases(
        databases.statuses().stream()
            .map(status -> status.database().toString())
            .collect(Collectors.toSet()));
    String contentType = EngineMetrics.contentType(request.accept());
    return new Response(Response.OK, contentType, metrics.scrape(contentType), Map.of());
  }

  /** The process follows its databases: nothing here depends on a store. */
  private Response health() {
    Map<String, @Nullable Object> json = Json.object();
    json.put("status", "ok");
    json.put("databases", databases.statuses().size());
    return Response.json(Response.OK, json);
  }

  private Response readiness() {
    Map<String, @Nullable Object> json = Json.object();
    return switch (Readiness.of(databases.statuses())) {
      case Readiness.Ready ready -> {
        json.put("status", "ready");
        yield Response.json(Response.OK, json);
      }
      case Readiness.NotReady(List<String> reasons) -> {
        json.put("status", "not ready");
        json.put("reasons", reasons);
        yield Response.json(Response.UNAVAILABLE, json);
      }
    };
  }

  private Response status() {
    List<ReplicationStatus> statuses = databases.statuses();
    return Response.json(Response.OK, StatusJson.page(statuses));
  }

  /** One path: its method and who answers. */
  private record Page(String method, Handler handler) {}

  @FunctionalInterface
  private interface Handler {
    Response answer(Request request);
  }
}
