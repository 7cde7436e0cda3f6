package dev.tidewal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewal.core.TidewalException;
import java.time.Instant;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogLinesTest {
  private final Formatter text = new LogLines.Text();
  private final Formatter json = new LogLines.JsonObject();

  @Test
  void aTextLineHasTimeLevelTopicAndMessage() {
    LogRecord record = record(Level.WARNING, "{0} is behind");
    record.setParameters(new Object[] {"app.db"});

    assertThat(text.format(record))
        .isEqualTo("2026-11-20T10:00:00.123Z WARN replicate: app.db is behind\n");
  }

  @Test
  void anErrorWithACureTakesOneLineAndADefectShowsWhereItCameFrom() {
    LogRecord known = record(Level.SEVERE, "stopped");
    known.setThrown(new TidewalException.Fenced("another owner took it"));
    LogRecord defect = record(Level.SEVERE, "stopped");
    defect.setThrown(new IllegalStateException("never"));

    assertThat(text.format(known)).endsWith("replicate: stopped: another owner took it\n");
    assertThat(text.format(defect)).contains("\njava.lang.IllegalStateException: never\n\tat ");
  }

  @Test
  void aJsonLineIsOneObject() throws Exception {
    LogRecord record = record(Level.FINE, "a \"quoted\"\nmessage");
    record.setThrown(new IllegalStateException("never"));

    String line = json.format(record);

    assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
    JsonNode object = new ObjectMapper().readTree(line);
    assertThat(object.path("level").asText()).isEqualTo("DEBUG");
    assertThat(object.path("logger").asText()).isEqualTo("dev.tidewal.replicate.Replicator");
    assertThat(object.path("message").asText()).isEqualTo("a \"quoted\"\nmessage");
    assertThat(object.path("stackTrace").asText()).contains("IllegalStateException");
  }

  private static LogRecord record(Level level, String message) {
    LogRecord record = new LogRecord(level, message);
    record.setLoggerName("dev.tidewal.replicate.Replicator");
    record.setInstant(Instant.parse("2026-11-20T10:00:00.123Z"));
    return record;
  }
}
