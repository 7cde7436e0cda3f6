package dev.tidewal.cli;

import dev.tidewal.core.DurationText;
import dev.tidewal.core.TidewalException;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How long to wait for a running sidecar. */
final class WaitOptions {
  @Option(
      names = {"--wait", "--timeout"},
      arity = "0..1",
      fallbackValue = "30s",
      paramLabel = "TIME",
      description = "How long to wait at most; default: 30s.")
  private String wait = "30s";

  Duration duration() {
    try {
      // Litestream's -timeout is a number of seconds.
      return wait.matches("\\d+")
          ? Duration.ofSeconds(Long.parseLong(wait))
          : DurationText.parse(wait);
    } catch (IllegalArgumentException notADuration) {
      throw new TidewalException.Usage("--wait " + wait + " " + notADuration.getMessage());
    }
  }
}
