package dev.tidewal.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * JSON text of maps, collections and plain values: Jackson's streaming half only, since data
 * binding costs a small process dearly.
 *
 * <p>A duration is written as seconds, an empty optional as null, anything else that is not known
 * here as its {@code toString}.
 */
public final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /** An object whose members keep the order in which they are put. */
  public static Map<String, @Nullable Object> object() {
    return new LinkedHashMap<>();
  }

  /** Indented text, for a person's eyes as much as a program's. */
  public static String text(@Nullable Object value) {
    return write(value, true);
  }

  /** Text on a single line. */
  public static String line(@Nullable Object value) {
    return write(value, false);
  }

  private static String write(@Nullable Object value, boolean indented) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      if (indented) {
        json.setPrettyPrinter(new DefaultPrettyPrinter());
      }
      write(value, json);
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing JSON to memory", impossible);
    }
    return text.toString();
  }

  private static void write(@Nullable Object value, JsonGenerator json) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case Optional<?> optional -> write(optional.orElse(null), json);
      case Map<?, ?> members -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> member : members.entrySet()) {
          json.writeFieldName(String.valueOf(member.getKey()));
          write(member.getValue(), json);
        }
        json.writeEndObject();
      }
      case Collection<?> items -> {
        json.writeStartArray();
        for (Object item : items) {
          write(item, json);
        }
        json.writeEndArray();
      }
      case Boolean flag -> json.writeBoolean(flag);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Double number -> json.writeNumber(number);
      case Duration duration -> json.writeNumber(seconds(duration));
      case Instant instant -> json.writeString(instant.toString());
      default -> json.writeString(value.toString());
    }
  }

  private static BigDecimal seconds(Duration duration) {
    BigDecimal seconds = BigDecimal.valueOf(duration.toNanos(), 9).stripTrailingZeros();
    return seconds.scale() < 0 ? seconds.setScale(0) : seconds;
  }
}
