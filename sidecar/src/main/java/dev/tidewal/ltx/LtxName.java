package dev.tidewal.ltx;

import dev.tidewal.core.Txid;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names one LTX object of a replica: its level and the range of TXIDs that it holds.
 *
 * <p>Order: by first TXID, then by last, then by level: the order in which a replica lists one
 * level.
 *
 * @param level 0 a batch, 1-8 compacted, 9 snapshots
 * @param min first TXID, at least 1
 * @param max last TXID, not before {@code min}
 */
public record LtxName(int level, Txid min, Txid max) implements Comparable<LtxName> {
  public static final int SNAPSHOT_LEVEL = 9;
  private static final Pattern FILE_NAME = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})\\.ltx");
  private static final Comparator<LtxName> ORDER =
      Comparator.comparing(LtxName::min)
          .thenComparing(LtxName::max)
          .thenComparingInt(LtxName::level);

  public LtxName {
    if (level < 0 || level > SNAPSHOT_LEVEL) {
      throw new IllegalArgumentException("level out of range: " + level);
    }
    if (min.isZero() || max.isBefore(min)) {
      throw new IllegalArgumentException("TXID range out of order: " + min + "-" + max);
    }
  }

  /** The name of the L0 object of one batch. */
  public static LtxName batch(Txid txid) {
    return new LtxName(0, txid, txid);
  }

  /** The name of the snapshot of the state at {@code txid}. */
  public static LtxName snapshot(Txid txid) {
    return new LtxName(SNAPSHOT_LEVEL, Txid.FIRST, txid);
  }

  /** {@code <min>-<max>.ltx}. */
  public String fileName() {
    return min + "-" + max + ".ltx";
  }

  /** The name behind a file name, or empty when it is not one of ours. */
  public static Optional<LtxName> parse(int level, String fileName) {
    Matcher matcher = FILE_NAME.matcher(fileName);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Optional<Txid> min = Txid.parse(matcher.group(1));
    Optional<Txid> max = Txid.parse(matcher.group(2));
    if (min.isEmpty() || max.isEmpty() || min.get().isZero() || max.get().isBefore(min.get())) {
      return Optional.empty();
    }
    return Optional.of(new LtxName(level, min.get(), max.get()));
  }

  /** Whether the object starts at the empty database, so that it alone is a whole state. */
  public boolean isSnapshot() {
    return min.equals(Txid.FIRST);
  }

  @Override
  public int compareTo(LtxName other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return "L" + level + "/" + min + "-" + max;
  }
}
