package dev.tidewal.fence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.tidewal.core.TidewalException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The document {@code .tidewal/replica.json} at the root of a replica, written once: whose it is
 * and how it is fenced.
 *
 * @param databaseId 32 hex digits, drawn when the marker was made: which history the TXIDs count in
 * @param clusterId the Kubernetes cluster that it belongs to; empty outside of Kubernetes
 * @param fencing how writers are kept apart
 * @param store endpoint and bucket at which the fencing was probed; probed again elsewhere
 */
public record RootMarker(String databaseId, String clusterId, Fencing fencing, String store) {
  /** Name of the document below {@code .tidewal/}. */
  public static final String NAME = "replica.json";

  /** Format of document and key layout; a higher one is refused. */
  public static final int FORMAT = 1;

  /** Buffers that are kept for a thread would be kept for each database, 16 KiB of them. */
  private static final JsonFactory JSON =
      JsonFactory.builder().recyclerPool(JsonRecyclerPools.nonRecyclingPool()).build();

  /** The document's text. */
  public byte[] toJson() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("format", FORMAT);
      json.writeStringField("database", databaseId);
      json.writeStringField("cluster", clusterId);
      json.writeStringField("fencing", fencing.text());
      json.writeStringField("store", store);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads the document; fields that are not known are ignored.
   *
   * @param where what errors call it
   * @throws TidewalException.Corrupt when it is not a marker
   * @throws TidewalException.Refused when a newer version wrote it
   */
  public static RootMarker parse(byte[] bytes, String where) {
    Map<String, String> fields = fields(bytes, where);
    String format = field(fields, "format", where);
    if (!format.equals(Integer.toString(FORMAT))) {
      throw new TidewalException.Refused(
          where + " has format " + format + ", this version knows " + FORMAT + "; upgrade tidewal");
    }
    String fencing = field(fields, "fencing", where);
    return new RootMarker(
        field(fields, "database", where),
        field(fields, "cluster", where),
        Arrays.stream(Fencing.values())
            .filter(mode -> mode.text().equals(fencing))
            .findFirst()
            .orElseThrow(() -> corrupt(where, "fencing is " + fencing)),
        field(fields, "store", where));
  }

  private static Map<String, String> fields(byte[] bytes, String where) {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser json = JSON.createParser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw corrupt(where, "not a JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        if (json.nextToken().isScalarValue()) {
          fields.put(name, json.getText());
        } else {
          json.skipChildren();
        }
      }
    } catch (IOException e) {
      throw corrupt(
          where, new String(bytes, StandardCharsets.UTF_8).lines().findFirst().orElse(""));
    }
    return fields;
  }

  private static String field(Map<String, String> fields, String name, String where) {
    return Optional.ofNullable(fields.get(name))
        .orElseThrow(() -> corrupt(where, "no field " + name));
  }

  private static TidewalException.Corrupt corrupt(String where, String what) {
    String shown = what.length() > 60 ? what.substring(0, 60) + "..." : what;
    return new TidewalException.Corrupt(
        where
            + " is unreadable ("
            + shown
            + "); put the original back, or delete it if nobody else writes this replica");
  }
}
