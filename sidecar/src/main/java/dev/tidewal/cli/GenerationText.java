package dev.tidewal.cli;

import dev.tidewal.legacy.GenerationPlan;
import dev.tidewal.restore.GenerationRestorer;
import dev.tidewal.serve.Json;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plans and reports of restores from Litestream 0.3, as text and as JSON. */
final class GenerationText {
  private GenerationText() {}

  static String text(String url, GenerationPlan plan) {
    TextTable table = new TextTable("object", "size", "created");
    table.row(plan.snapshot().key(), plan.snapshot().sizeBytes(), plan.snapshot().created());
    plan.segments().forEach(each -> table.row(each.key(), each.sizeBytes(), each.created()));
    return table + url + ": would restore " + state(plan) + "\n";
  }

  static Map<String, @Nullable Object> json(String url, GenerationPlan plan) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("replica", url);
    json.put("generation", plan.generation());
    json.put("index", GenerationPlan.hex(plan.lastIndex()));
    json.put("updated", plan.updated());
    json.put("bytes", plan.sizeBytes());
    json.put("objects", plan.segments().size() + 1);
    return json;
  }

  static String text(String url, Path file, GenerationRestorer.Report report) {
    return "restored "
        + file
        + " ("
        + Figures.bytes(report.databaseBytes())
        + ") from "
        + state(report.plan())
        + " of "
        + url
        + " in "
        + Figures.time(report.duration())
        + "\n";
  }

  static Map<String, @Nullable Object> json(
      String url, Path file, GenerationRestorer.Report report) {
    Map<String, @Nullable Object> json = json(url, report.plan());
    json.put("database", file);
    json.put("databaseBytes", report.databaseBytes());
    json.put("seconds", report.duration());
    json.put("integrityCheck", report.integrityCheck().name().toLowerCase(Locale.ROOT));
    return json;
  }

  static String imported(GenerationRestorer.Report report) {
    return "imported " + Figures.bytes(report.databaseBytes()) + " from " + state(report.plan());
  }

  private static String state(GenerationPlan plan) {
    int count = plan.segments().size() + 1;
    return "generation "
        + plan.generation()
        + " up to index "
        + GenerationPlan.hex(plan.lastIndex())
        + ", "
        + count
        + (count == 1 ? " object, " : " objects, ")
        + Figures.bytes(plan.sizeBytes());
  }
}
