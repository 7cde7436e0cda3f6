package dev.tidewal.core;

import java.util.HexFormat;
import java.util.Optional;

/**
 * A state of a replicated database: the TXID that produced it and the rolling checksum of its
 * pages.
 *
 * <p>Two replicas of one history that are at the same position hold the same bytes. Text form, as
 * LTX writes it: 16 hex digits, a slash, 16 hex digits.
 *
 * @param txid the last batch that is part of the state
 * @param checksum LTX's rolling database checksum (bit 63 set), or 0 where it is not known
 */
public record Position(Txid txid, long checksum) {
  public static final Position NONE = new Position(Txid.ZERO, 0);

  public boolean isNone() {
    return txid.isZero();
  }

  /** Whether the checksum is known, so that content can be compared. */
  public boolean hasChecksum() {
    return checksum != 0;
  }

  public static Optional<Position> parse(String text) {
    if (text.length() != 33
        || text.charAt(16) != '/'
        || !text.substring(17).chars().allMatch(HexFormat::isHexDigit)) {
      return Optional.empty();
    }
    return Txid.parse(text.substring(0, 16))
        .map(txid -> new Position(txid, HexFormat.fromHexDigitsToLong(text.substring(17))));
  }

  @Override
  public String toString() {
    return txid + "/" + HexFormat.of().toHexDigits(checksum);
  }
}
