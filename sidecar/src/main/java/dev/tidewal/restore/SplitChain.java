package dev.tidewal.restore;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.ltx.LtxSummary;
import dev.tidewal.replica.ObjectInfo;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Signs that two writers left their objects in one prefix. A restore over both would be a mixture
 * of two histories, which may even pass an integrity check.
 *
 * <p>The signs are not proof: a recorded checksum that the restored state meets overrules them.
 * Without one the restore is refused.
 *
 * @param first an object of one history
 * @param second an object of the other
 * @param sign what does not happen in one history, as a clause
 * @param lastCommon a state before the sign
 */
public record SplitChain(LtxName first, LtxName second, String sign, Txid lastCommon) {
  /** An object of level 0 and what reading it found. */
  record Batch(LtxName name, LtxSummary summary) {}

  private record Salts(int salt1, int salt2) {
    static Salts of(LtxHeader header) {
      return new Salts(header.walSalt1(), header.walSalt2());
    }
  }

  @Override
  public String toString() {
    return "two writers seem to have used this prefix: "
        + first
        + " and "
        + second
        + " "
        + sign
        + (lastCommon.isZero() ? "" : "; restore --txid " + lastCommon + " or older");
  }

  /**
   * Looks at names. Compaction cuts a level into ranges that don't overlap in part: each begins
   * behind the last one or, repeated after a crash, where an earlier one began.
   */
  static Optional<SplitChain> inNames(Collection<ObjectInfo> listing) {
    Map<Integer, LtxName> furthest = new HashMap<>();
    List<LtxName> names =
        listing.stream()
            .map(ObjectInfo::name)
            .filter(name -> name.level() > 0 && name.level() < LtxName.SNAPSHOT_LEVEL)
            .sorted()
            .toList();
    for (LtxName name : names) {
      LtxName before = furthest.get(name.level());
      if (before != null && cutsThrough(before, name)) {
        String sign = "overlap in part";
        return Optional.of(new SplitChain(before, name, sign, name.min().plus(-1)));
      }
      if (before == null || name.max().isAfter(before.max())) {
        furthest.put(name.level(), name);
      }
    }
    return Optional.empty();
  }

  private static boolean cutsThrough(LtxName before, LtxName name) {
    return name.min().isAfter(before.min())
        && !name.min().isAfter(before.max())
        && name.max().isAfter(before.max());
  }

  /**
   * Looks at the WAL positions that batches recorded. In one history the WAL of a batch goes on
   * where the batch before ended, or it is a new WAL, read from its beginning; salts that were
   * replaced never come back. Sources: sqlite.org/fileformat2.html 4.1, Litestream's L0 headers.
   *
   * @param batches of level 0, consecutive, oldest first
   */
  static Optional<SplitChain> inBatches(List<Batch> batches) {
    Map<Salts, Long> ends = new HashMap<>();
    Optional<Batch> previous = Optional.empty();
    for (Batch batch : batches) {
      LtxHeader header = batch.summary().header();
      if (header.walOffset() == 0) {
        continue;
      }
      Salts salts = Salts.of(header);
      if (previous.isPresent() && !salts.equals(Salts.of(previous.get().summary().header()))) {
        Long end = ends.get(salts);
        boolean returns = end != null && end == header.walOffset();
        if (returns || startsInsideWal(batch.summary())) {
          String sign =
              returns
                  ? "continue two write-ahead logs in turn"
                  : "don't belong to one write-ahead log";
          return Optional.of(
              new SplitChain(
                  previous.get().name(), batch.name(), sign, previous.get().name().min().plus(-1)));
        }
      }
      ends.put(salts, header.walOffset() + header.walSize());
      previous = Optional.of(batch);
    }
    return Optional.empty();
  }

  /** Some pages only, read from further on in a WAL whose beginning no batch holds. */
  private static boolean startsInsideWal(LtxSummary summary) {
    LtxHeader header = summary.header();
    long frameBytes = 24L + header.pageSize();
    return header.walOffset() > 32 + frameBytes
        && header.walSize() > frameBytes
        && summary.pages() > 0
        && summary.pages() < header.commit() - 1;
  }
}
