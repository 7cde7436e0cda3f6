package dev.tidewal.core;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, as people write it: {@code 256MiB}, {@code 1.5GB}, {@code 4096}.
 *
 * <p>{@code KiB} steps are 1024, {@code KB} and {@code K} steps 1000, letters of either case, as in
 * Litestream's configuration (go-humanize).
 *
 * @param bytes 0 or more
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,20}(?:\\.\\d{1,20})?)\\s*([a-zA-Z]{0,3})");
  private static final String STEPS = "kmgtp";
  private static final Map<Integer, String> NAMES =
      Map.of(4, "TiB", 3, "GiB", 2, "MiB", 1, "KiB", 0, "B");

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size can't be negative: " + bytes);
    }
  }

  public static ByteSize ofMebibytes(long count) {
    return new ByteSize(Math.multiplyExact(count, 1L << 20));
  }

  /**
   * Reads a size.
   *
   * @throws IllegalArgumentException with a message that goes on after the value: "is not a size:
   *     ..."
   */
  public static ByteSize parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw notASize();
    }
    try {
      return new ByteSize(
          new BigDecimal(matcher.group(1))
              .multiply(unitBytes(matcher.group(2).toLowerCase(Locale.ROOT)))
              .toBigInteger()
              .longValueExact());
    } catch (ArithmeticException tooLarge) {
      throw new IllegalArgumentException("is larger than 8 EiB", tooLarge);
    }
  }

  private static BigDecimal unitBytes(String unit) {
    if (unit.isEmpty() || unit.equals("b")) {
      return BigDecimal.ONE;
    }
    int step = STEPS.indexOf(unit.charAt(0)) + 1;
    if (step == 0) {
      throw notASize();
    }
    return switch (unit.substring(1)) {
      case "", "b" -> BigDecimal.valueOf(1000).pow(step);
      case "i", "ib" -> BigDecimal.valueOf(1024).pow(step);
      default -> throw notASize();
    };
  }

  private static IllegalArgumentException notASize() {
    return new IllegalArgumentException(
        "is not a size: write bytes or a number with a unit, such as 64KiB, 256MiB or 1GiB");
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /** The largest binary unit that is exact: {@code 256MiB}. */
  @Override
  public String toString() {
    int step = bytes == 0 ? 0 : Math.min(4, Long.numberOfTrailingZeros(bytes) / 10);
    return (bytes >> (10 * step)) + NAMES.get(step);
  }
}
