package dev.tidewal.cli;

import dev.tidewal.restore.RestorePlan;
import dev.tidewal.restore.RestoreReport;
import dev.tidewal.serve.Json;
import dev.tidewal.serve.StatusJson;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plans and reports of restores as text and as JSON. */
final class RestoreText {
  private RestoreText() {}

  static String text(String url, RestorePlan plan) {
    StringBuilder text = new StringBuilder(ObjectList.text(plan.files()));
    text.append(url)
        .append(": would restore ")
        .append(plan.target())
        .append(" as TXID ")
        .append(plan.reached())
        .append(" from ")
        .append(size(plan))
        .append('\n');
    plan.boundary().ifPresent(boundary -> text.append("note: ").append(boundary).append('\n'));
    plan.suspicion().ifPresent(split -> text.append("warning: ").append(split).append('\n'));
    return text.toString();
  }

  static Map<String, @Nullable Object> json(String url, RestorePlan plan) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("replica", url);
    json.put("asked", plan.target());
    json.put("txid", plan.reached());
    json.put("bytes", plan.sizeBytes());
    json.put("note", plan.boundary());
    json.put("warning", plan.suspicion());
    json.put("objects", ObjectList.json(plan.files()));
    return json;
  }

  static String text(String url, Path file, RestoreReport report) {
    StringBuilder text = new StringBuilder();
    report.plan().boundary().ifPresent(note -> text.append("note: ").append(note).append('\n'));
    report.replans().forEach(reason -> text.append("note: ").append(reason).append('\n'));
    return text.append("restored ")
        .append(file)
        .append(" (")
        .append(Figures.bytes(report.databaseBytes()))
        .append(") at TXID ")
        .append(report.position().txid())
        .append(" from ")
        .append(size(report.plan()))
        .append(" of ")
        .append(url)
        .append(" in ")
        .append(Figures.time(report.duration()))
        .append('\n')
        .toString();
  }

  static Map<String, @Nullable Object> json(String url, Path file, RestoreReport report) {
    Map<String, @Nullable Object> json = json(url, report.plan());
    json.put("database", file);
    json.put("position", StatusJson.position(report.position()));
    json.put("checksumCompared", report.checksumCompared());
    json.put("pageSize", report.pageSize());
    json.put("databaseBytes", report.databaseBytes());
    json.put("downloadedBytes", report.downloadedBytes());
    json.put("seconds", report.duration());
    json.put("replans", report.replans());
    json.put("integrityCheck", report.integrityCheck().name().toLowerCase(Locale.ROOT));
    return json;
  }

  private static String size(RestorePlan plan) {
    int count = plan.files().size();
    return count + (count == 1 ? " object, " : " objects, ") + Figures.bytes(plan.sizeBytes());
  }
}
