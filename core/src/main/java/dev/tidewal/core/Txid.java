package dev.tidewal.core;

import java.util.HexFormat;
import java.util.Optional;

/**
 * Transaction id of a replica: one for each L0 object, rising by one, printed as 16 lower-case hex
 * digits.
 *
 * <p>It numbers replicated batches, not SQLite transactions. Zero means "nothing yet"; 63 bits are
 * used, so that arithmetic stays signed.
 *
 * @param value 0 or more
 */
public record Txid(long value) implements Comparable<Txid> {
  public static final Txid ZERO = new Txid(0);
  public static final Txid FIRST = new Txid(1);

  public Txid {
    if (value < 0) {
      throw new IllegalArgumentException("TXID out of range: " + Long.toUnsignedString(value, 16));
    }
  }

  /** The TXID after this one. */
  public Txid next() {
    return plus(1);
  }

  /** The TXID {@code count} after this one; {@code count} may be negative. */
  public Txid plus(long count) {
    return new Txid(Math.addExact(value, count));
  }

  public boolean isZero() {
    return value == 0;
  }

  public boolean isAfter(Txid other) {
    return value > other.value;
  }

  public boolean isBefore(Txid other) {
    return value < other.value;
  }

  /** The TXID written as exactly 16 hex digits, or empty when {@code text} is anything else. */
  public static Optional<Txid> parse(String text) {
    if (text.length() != 16 || !text.chars().allMatch(HexFormat::isHexDigit)) {
      return Optional.empty();
    }
    long value = HexFormat.fromHexDigitsToLong(text);
    return value < 0 ? Optional.empty() : Optional.of(new Txid(value));
  }

  @Override
  public int compareTo(Txid other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(value);
  }
}
