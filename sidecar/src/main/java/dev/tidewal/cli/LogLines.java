package dev.tidewal.cli;

import dev.tidewal.core.TidewalException;
import dev.tidewal.serve.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/** The two forms of a log line. */
final class LogLines {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private LogLines() {}

  /** {@code 2026-11-20T10:00:00.123Z INFO replicate: message}. */
  static final class Text extends Formatter {
    @Override
    public String format(LogRecord record) {
      StringBuilder line =
          new StringBuilder(TIME.format(record.getInstant()))
              .append(' ')
              .append(word(record.getLevel()))
              .append(' ')
              .append(topic(record.getLoggerName()))
              .append(": ")
              .append(formatMessage(record));
      Throwable thrown = record.getThrown();
      if (thrown != null) {
        line.append(isExplained(thrown) ? ": " + thrown.getMessage() : "\n" + stackTrace(thrown));
      }
      return line.append('\n').toString();
    }
  }

  /** One JSON object a line: time, level, logger, message, and error with its stack trace. */
  static final class JsonObject extends Formatter {
    @Override
    public String format(LogRecord record) {
      Map<String, @Nullable Object> json = Json.object();
      json.put("time", TIME.format(record.getInstant()));
      json.put("level", word(record.getLevel()));
      json.put("logger", record.getLoggerName());
      json.put("message", formatMessage(record));
      Throwable thrown = record.getThrown();
      if (thrown != null) {
        json.put("error", String.valueOf(thrown.getMessage()));
        json.put("stackTrace", isExplained(thrown) ? null : stackTrace(thrown));
      }
      return Json.line(json) + "\n";
    }
  }

  /** An error whose message says what and how to cure it needs no stack trace. */
  private static boolean isExplained(Throwable thrown) {
    return thrown instanceof TidewalException;
  }

  private static String word(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "WARN";
    }
    if (level.intValue() >= Level.INFO.intValue()) {
      return "INFO";
    }
    return level.intValue() >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
  }

  /** {@code dev.tidewal.replicate.Replicator} is about {@code replicate}. */
  private static String topic(@Nullable String logger) {
    if (logger == null) {
      return "?";
    }
    int last = logger.lastIndexOf('.');
    if (!logger.startsWith("dev.tidewal.")) {
      return logger.substring(last + 1);
    }
    String owner = last < 0 ? logger : logger.substring(0, last);
    return owner.substring(owner.lastIndexOf('.') + 1);
  }

  private static String stackTrace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return text.toString().stripTrailing();
  }
}
