package dev.tidewal.cli;

import dev.tidewal.core.TidewalException;
import dev.tidewal.restore.ObjectVerdict;
import dev.tidewal.restore.PlanResult;
import dev.tidewal.restore.RestoreReport;
import dev.tidewal.restore.VerifyReport;
import dev.tidewal.serve.Json;
import dev.tidewal.serve.StatusJson;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What verifying a replica found, as text and as JSON. */
final class VerifyText {
  private VerifyText() {}

  /**
   * The restore that followed.
   *
   * @param problem why there is no report
   */
  record Restored(Optional<RestoreReport> report, String problem) {
    boolean isGood() {
      return report.isPresent();
    }
  }

  static String text(String url, VerifyReport report, Optional<Restored> restored) {
    StringBuilder text = new StringBuilder();
    for (ObjectVerdict verdict : report.objects()) {
      verdict
          .defect()
          .ifPresent(
              defect -> text.append("BROKEN   ").append(named(verdict, defect)).append('\n'));
    }
    report.split().ifPresent(split -> text.append("BROKEN   ").append(split).append('\n'));
    long bytes = report.objects().stream().mapToLong(each -> each.object().sizeBytes()).sum();
    text.append("read     ")
        .append(report.objects().size())
        .append(report.objects().size() == 1 ? " object, " : " objects, ")
        .append(Figures.bytes(bytes))
        .append(", ")
        .append(defects(report) == 0 ? "all intact" : defects(report) + " broken")
        .append("; ")
        .append(compared(report))
        .append(" met a recorded checksum of the whole database\n");
    text.append("newest   ").append(newest(url, report)).append('\n');
    restored.ifPresent(each -> text.append("restored ").append(text(each)).append('\n'));
    return text.append(url).append(isGood(report, restored) ? ": good\n" : ": BROKEN\n").toString();
  }

  private static String named(ObjectVerdict verdict, String defect) {
    String name = verdict.object().name().toString();
    return defect.startsWith(name) ? defect : name + ": " + defect;
  }

  static Map<String, @Nullable Object> json(
      String url, VerifyReport report, Optional<Restored> restored) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("replica", url);
    json.put("good", isGood(report, restored));
    json.put(
        "newest", report.latest() instanceof PlanResult.Ready(var plan) ? plan.reached() : null);
    json.put("problem", problem(url, report));
    json.put("twoWriters", report.split());
    json.put("objects", report.objects().stream().map(VerifyText::json).toList());
    json.put("restored", restored.map(VerifyText::json));
    return json;
  }

  private static boolean isGood(VerifyReport report, Optional<Restored> restored) {
    return report.isGood() && restored.map(Restored::isGood).orElse(true);
  }

  private static String newest(String url, VerifyReport report) {
    return report.latest() instanceof PlanResult.Ready(var plan)
        ? "TXID "
            + plan.reached()
            + " can be restored from "
            + plan.files().size()
            + (plan.files().size() == 1 ? " object" : " objects")
        : problem(url, report).orElse("");
  }

  private static Optional<String> problem(String url, VerifyReport report) {
    try {
      var _ = report.latest().orThrow(url);
      return Optional.empty();
    } catch (TidewalException why) {
      return Optional.of(String.valueOf(why.getMessage()));
    }
  }

  private static long defects(VerifyReport report) {
    return report.objects().stream().filter(verdict -> verdict.defect().isPresent()).count();
  }

  private static long compared(VerifyReport report) {
    return report.objects().stream()
        .filter(each -> each instanceof ObjectVerdict.Intact intact && intact.checksumCompared())
        .count();
  }

  private static String text(Restored restored) {
    return restored
        .report()
        .map(report ->
            Figures.bytes(report.databaseBytes())
                + " at "
                + report.position()
                + (report.checksumCompared() ? ", checksum as recorded" : ", no checksum recorded")
                + ", integrity check passed: "
                + report.integrityCheck().name().toLowerCase(Locale.ROOT))
        .orElse(restored.problem());
  }

  private static Map<String, @Nullable Object> json(Restored restored) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("good", restored.isGood());
    json.put("position", restored.report().map(report -> StatusJson.position(report.position())));
    json.put("checksumCompared", restored.report().map(RestoreReport::checksumCompared));
    json.put("problem", restored.problem().isEmpty() ? null : restored.problem());
    return json;
  }

  private static Map<String, @Nullable Object> json(ObjectVerdict verdict) {
    Map<String, @Nullable Object> json = ObjectList.json(verdict.object());
    json.put(
        "verdict",
        switch (verdict) {
          case ObjectVerdict.Intact intact -> "intact";
          case ObjectVerdict.Broken broken -> "broken";
          case ObjectVerdict.Gone gone -> "gone";
        });
    json.put("defect", verdict.defect());
    return json;
  }
}
