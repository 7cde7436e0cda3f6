package dev.tidewal.core;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people and Litestream write them: {@code 100ms}, {@code 1h30m}, {@code 1.5s}, {@code
 * 7d}, {@code 0}.
 *
 * <p>The grammar is that of Go's {@code time.ParseDuration}, without a sign and with {@code d} (24
 * hours) besides.
 */
public final class DurationText {
  private static final Pattern PART =
      Pattern.compile("(\\d{1,20}(?:\\.\\d{0,20})?|\\.\\d{1,20})(ns|us|µs|μs|ms|s|m|h|d)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "μs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L,
          "d", 86_400_000_000_000L);

  private DurationText() {}

  /**
   * Reads a duration of up to 292 years.
   *
   * @throws IllegalArgumentException with a message that goes on after the value: "is not a
   *     duration: ..."
   */
  public static Duration parse(String text) {
    String stripped = text.strip();
    if (stripped.matches("0+")) {
      return Duration.ZERO;
    }
    if (stripped.matches("\\d+(\\.\\d+)?")) {
      throw new IllegalArgumentException("has no unit: write " + stripped + "s for seconds");
    }
    Matcher part = PART.matcher(stripped);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    for (; part.find() && part.start() == end; end = part.end()) {
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(nanosOf(part.group(2))));
    }
    if (end == 0 || end != stripped.length()) {
      throw new IllegalArgumentException(
          "is not a duration: write a number with a unit, such as 100ms, 30s, 5m or 24h");
    }
    try {
      return Duration.ofNanos(nanos.toBigInteger().longValueExact());
    } catch (ArithmeticException tooLong) {
      throw new IllegalArgumentException("is longer than 292 years", tooLong);
    }
  }

  private static BigDecimal nanosOf(String unit) {
    return BigDecimal.valueOf(NANOS.getOrDefault(unit, 0L));
  }

  /** The shortest text that {@link #parse} reads back: {@code 1h30m}, {@code 100ms}. */
  public static String format(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    StringBuilder text = new StringBuilder();
    append(text, duration.toHours(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    int nanos = duration.toNanosPart();
    append(text, nanos / 1_000_000, "ms");
    append(text, nanos / 1_000 % 1_000, "us");
    append(text, nanos % 1_000, "ns");
    return text.toString();
  }

  private static void append(StringBuilder text, long count, String unit) {
    if (count != 0) {
      text.append(count).append(unit);
    }
  }
}
