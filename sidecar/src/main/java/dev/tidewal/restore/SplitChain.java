package dev.tidewal.restore;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxName;
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
  /** An object of level 0: its header, and how many pages it holds. */
  record Batch(LtxName name, LtxHeader header, long pages) {
    /**
     * A full image does not go on from anything, nor does a difference: Tidewal says at which end
     * of a WAL its state is, with size 0.
     */
    boolean goesOn() {
      return pages < header.commit() - 1 && header.walSize() > 0;
    }
  }

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
   * Looks at names. Compaction cuts a level into ranges of which each begins behind the last one
   * or, repeated after a crash, where an earlier one began.
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
      if (before != null && beginsInside(before, name)) {
        String sign = "overlap without beginning together";
        return Optional.of(new SplitChain(before, name, sign, before.min().plus(-1)));
      }
      if (before == null || name.max().isAfter(before.max())) {
        furthest.put(name.level(), name);
      }
    }
    return Optional.empty();
  }

  private static boolean beginsInside(LtxName before, LtxName name) {
    return name.min().isAfter(before.min()) && !name.min().isAfter(before.max());
  }

  /**
   * Looks at the WAL positions that batches recorded. In one history a batch goes on where the
   * batch before ended, or it reads a new WAL from its beginning, or it is a full image or a
   * difference; salts that were replaced never come back. Sources: sqlite.org/fileformat2.html 4.1,
   * Litestream's L0 headers.
   *
   * @param batches of level 0, oldest first
   */
  static Optional<SplitChain> inBatches(List<Batch> batches) {
    Map<Salts, Long> ends = new HashMap<>();
    Optional<Batch> previous = Optional.empty();
    for (Batch batch : batches) {
      LtxHeader header = batch.header();
      if (header.walOffset() == 0 || batch.pages() == 0) {
        continue;
      }
      Optional<String> sign =
          batch.goesOn() && previous.isPresent()
              ? sign(previous.get(), batch, Optional.ofNullable(ends.get(Salts.of(header))))
              : Optional.empty();
      if (sign.isPresent()) {
        LtxName before = previous.orElseThrow().name();
        return Optional.of(new SplitChain(before, batch.name(), sign.get(), before.min().plus(-1)));
      }
      ends.put(Salts.of(header), header.walOffset() + header.walSize());
      previous = Optional.of(batch);
    }
    return Optional.empty();
  }

  /**
   * @param end where the batches so far left the WAL of this batch, if they had read it
   */
  private static Optional<String> sign(Batch previous, Batch batch, Optional<Long> end) {
    LtxHeader header = batch.header();
    boolean sameWal = Salts.of(header).equals(Salts.of(previous.header()));
    if (!sameWal && end.isPresent()) {
      return Optional.of("read two write-ahead logs in turn");
    }
    if (sameWal && previous.name().max().next().equals(batch.name().min())) {
      boolean goesOn = end.isPresent() && end.get() == header.walOffset();
      return goesOn ? Optional.empty() : Optional.of("leave out a part of a write-ahead log");
    }
    boolean begins = header.walOffset() <= 32L + 24 + header.pageSize();
    return sameWal || begins
        ? Optional.empty()
        : Optional.of("don't belong to one write-ahead log");
  }
}
