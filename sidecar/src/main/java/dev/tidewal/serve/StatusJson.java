package dev.tidewal.serve;

import dev.tidewal.core.Position;
import dev.tidewal.database.WalCheckpoint;
import dev.tidewal.replicate.ReplicationStatus;
import dev.tidewal.replicate.ReplicationStatus.DestinationStatus;
import dev.tidewal.replicate.ReplicationStatus.DiagnosisLine;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shape of {@code /status}, which {@code tidewal status --json} shares. Part of the API. */
public final class StatusJson {
  private StatusJson() {}

  /** The whole page. */
  static Map<String, @Nullable Object> page(List<ReplicationStatus> statuses) {
    Map<String, @Nullable Object> page = Json.object();
    page.put("version", Version.tidewal());
    page.put("databases", statuses.stream().map(StatusJson::database).toList());
    return page;
  }

  /** One database. */
  public static Map<String, @Nullable Object> database(ReplicationStatus status) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("database", status.database());
    json.put("state", status.state().name().toLowerCase(Locale.ROOT));
    json.put("reason", status.reason());
    json.put("message", status.message());
    json.put("local", position(status.local()));
    json.put("durable", position(status.durable()));
    json.put("lagSeconds", status.lag().age());
    json.put("lagBytes", status.lag().bytes());
    json.put("databaseBytes", status.databaseBytes());
    json.put("walBytes", status.walBytes());
    json.put("sealed", status.sealed());
    json.put("spoolBytes", status.spoolBytes());
    json.put("lastSuccess", status.lastSuccess());
    json.put("lastSnapshot", status.lastSnapshot());
    json.put("lastError", status.lastError());
    json.put("owner", status.owner());
    json.put("destinations", status.destinations().stream().map(StatusJson::destination).toList());
    json.put("findings", status.diagnoses().stream().map(StatusJson::finding).toList());
    return json;
  }

  /** A position; the checksum is null where it is not known. */
  public static Map<String, @Nullable Object> position(Position position) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("txid", position.txid());
    json.put(
        "checksum",
        position.hasChecksum() ? HexFormat.of().toHexDigits(position.checksum()) : null);
    return json;
  }

  /** What a checkpoint did. */
  public static Map<String, @Nullable Object> checkpoint(WalCheckpoint.Report report) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("mode", report.mode());
    json.put("frames", report.frames());
    json.put("copied", report.copied());
    json.put("walBytes", report.walBytes());
    return json;
  }

  private static Map<String, @Nullable Object> destination(DestinationStatus destination) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("type", destination.type());
    json.put("url", destination.url());
    json.put("durable", position(destination.durable()));
    json.put("lastError", destination.lastError());
    return json;
  }

  private static Map<String, @Nullable Object> finding(DiagnosisLine finding) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("code", finding.code());
    json.put("message", finding.sentence());
    json.put("cure", finding.cure());
    return json;
  }
}
