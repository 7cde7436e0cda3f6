package dev.tidewal.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "0s, PT0S",
    "100ms, PT0.1S",
    "1.5s, PT1.5S",
    ".5s, PT0.5S",
    "1h30m, PT1H30M",
    "24h0m0s, PT24H",
    "7d, PT168H",
    "250us, PT0.00025S",
    "250µs, PT0.00025S",
    "10ns, PT0.00000001S"
  })
  void readsWhatGoReadsAndDaysToo(String text, Duration duration) {
    assertThat(DurationText.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "1 s", "-1s", "1s2", "1y", "fast", "1h,30m", "PT1S"})
  void anythingElseIsNamedNotADuration(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DurationText.parse(text))
        .withMessageStartingWith("is not a duration: write");
  }

  @Test
  void aBareNumberIsAskedForItsUnit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DurationText.parse("30"))
        .withMessage("has no unit: write 30s for seconds");
  }

  @Test
  void moreThanALongOfNanosecondsIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DurationText.parse("200000d"))
        .withMessage("is longer than 292 years");
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 0s", "PT24H, 24h", "PT1H30M, 1h30m", "PT0.1S, 100ms", "PT1.00025S, 1s250us"})
  void textFormReadsBack(Duration duration, String text) {
    assertThat(DurationText.format(duration)).isEqualTo(text);
    assertThat(DurationText.parse(text)).isEqualTo(duration);
  }
}
