package dev.tidewal.cli;

import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.serve.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Objects of a replica as a table and as JSON. */
final class ObjectList {
  private ObjectList() {}

  static String text(List<ObjectInfo> objects) {
    TextTable table = new TextTable("level", "min_txid", "max_txid", "size", "created");
    for (ObjectInfo object : objects) {
      table.row(
          object.name().level(),
          object.name().min(),
          object.name().max(),
          object.sizeBytes(),
          time(object));
    }
    return table.toString();
  }

  static List<Map<String, @Nullable Object>> json(List<ObjectInfo> objects) {
    return objects.stream().map(ObjectList::json).toList();
  }

  static Map<String, @Nullable Object> json(ObjectInfo object) {
    Map<String, @Nullable Object> json = Json.object();
    json.put("level", object.name().level());
    json.put("minTxid", object.name().min());
    json.put("maxTxid", object.name().max());
    json.put("size", object.sizeBytes());
    json.put("created", time(object));
    return json;
  }

  /** When the content was recorded, or stored where the listing didn't ask for more. */
  private static Instant time(ObjectInfo object) {
    return object.metadata().timestamp().orElse(object.modified()).truncatedTo(ChronoUnit.MILLIS);
  }
}
