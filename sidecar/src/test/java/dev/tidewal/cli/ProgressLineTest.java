package dev.tidewal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void theLineSaysHowFarItIsHowFastAndHowLongItTakes() {
    String line = ProgressLine.line("restoring", "", 256 << 20, 1 << 30, Duration.ofSeconds(2));

    assertThat(line)
        .isEqualTo(
            "restoring [######..................]  25 %  256.0 MiB of 1.0 GiB, 128.0 MiB/s,"
                + " 6.0 s left");
  }

  @Test
  void aStepReplacesTheBar() {
    assertThat(ProgressLine.line("restoring", "sync", 1, 1, Duration.ofSeconds(3)))
        .isEqualTo("restoring: sync (3.0 s)");
  }

  @Test
  void whatIsQuickOrUnwatchedDrawsNothing() {
    try (ProgressLine quick = started(true, Duration.ofHours(1))) {
      quick.expect(10);
      quick.advance(10);
    }
    try (ProgressLine piped = started(false, Duration.ZERO)) {
      piped.expect(10);
    }

    assertThat(written()).isEmpty();
  }

  @Test
  void aLineThatWasDrawnIsClearedAtTheEnd() {
    try (ProgressLine slow = started(true, Duration.ofMillis(1))) {
      slow.expect(100);
      await().atMost(Duration.ofSeconds(30)).until(() -> written().contains("restoring ["));
    }

    assertThat(written()).endsWith("\r\033[K");
  }

  private ProgressLine started(boolean interactive, Duration beforeFirst) {
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    Terminal terminal = new Terminal(stream, stream, interactive, Map.of());
    return new ProgressLine(terminal, "restoring", beforeFirst);
  }

  private String written() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
