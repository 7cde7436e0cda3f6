package dev.tidewal.restore;

import dev.tidewal.core.Txid;
import dev.tidewal.replica.ObjectInfo;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which objects a restore reads, and which state they yield. A value: computing it reads nothing
 * but the listing of the replica's levels.
 *
 * @param target what was asked for
 * @param files oldest first, the first one a snapshot; never empty
 * @param boundary present when the plan ends before what was asked for
 * @param suspicion present when names say that two writers used the prefix
 */
public record RestorePlan(
    RestoreTarget target,
    List<ObjectInfo> files,
    Optional<Boundary> boundary,
    Optional<SplitChain> suspicion) {
  public RestorePlan {
    files = List.copyOf(files);
    if (files.isEmpty() || !files.getFirst().name().isSnapshot()) {
      throw new IllegalArgumentException("a plan starts with a snapshot: " + files);
    }
  }

  /**
   * Plans a restore.
   *
   * @param listing objects of all levels, in any order; for {@link RestoreTarget.AtTime} with exact
   *     timestamps, objects without one go by the store's time
   */
  public static PlanResult decide(Collection<ObjectInfo> listing, RestoreTarget target) {
    if (listing.isEmpty()) {
      return new PlanResult.Nothing("the replica holds no objects");
    }
    List<ObjectInfo> allowed = listing.stream().filter(file -> isWithin(file, target)).toList();
    LtxChain chain = LtxChain.longest(Txid.ZERO, allowed);
    Txid reached = chain.reached();
    Txid asked = asked(allowed, target);
    LtxChain whole = LtxChain.longest(reached, listing);
    if (whole.reached().isBefore(asked)) {
      return broken(listing, asked);
    }
    if (reached.isZero()) {
      return new PlanResult.Nothing(tooOld(listing, target));
    }
    Optional<Boundary> boundary =
        reached.isBefore(asked)
            ? Optional.of(new Boundary(reached, asked, whole.files().getFirst().name()))
            : Optional.empty();
    return new PlanResult.Ready(
        new RestorePlan(target, chain.files(), boundary, suspicion(chain, allowed)));
  }

  /** What lies before the snapshot that the restore starts from can't mix anything in. */
  private static Optional<SplitChain> suspicion(LtxChain chain, List<ObjectInfo> allowed) {
    Txid start = chain.files().getFirst().name().max();
    return SplitChain.inNames(
        allowed.stream().filter(file -> file.name().max().isAfter(start)).toList());
  }

  /** The state that the plan yields. */
  public Txid reached() {
    return files.getLast().name().max();
  }

  /** What has to be downloaded. */
  public long sizeBytes() {
    return files.stream().mapToLong(ObjectInfo::sizeBytes).sum();
  }

  public ObjectInfo newest() {
    return files.getLast();
  }

  /** When an object's newest content was recorded. */
  static Instant timestamp(ObjectInfo file) {
    return file.metadata().timestamp().orElse(file.modified());
  }

  private static boolean isWithin(ObjectInfo file, RestoreTarget target) {
    return switch (target) {
      case RestoreTarget.Latest latest -> true;
      case RestoreTarget.AtTxid at -> !file.name().max().isAfter(at.txid());
      case RestoreTarget.AtTime at -> !timestamp(file).isAfter(at.time());
    };
  }

  /** The TXID whose state is asked for; for a time, the last one known to be that old. */
  private static Txid asked(List<ObjectInfo> allowed, RestoreTarget target) {
    return switch (target) {
      case RestoreTarget.AtTxid at -> at.txid();
      case RestoreTarget.Latest latest -> newest(allowed);
      case RestoreTarget.AtTime at -> newest(allowed);
    };
  }

  private static Txid newest(Collection<ObjectInfo> files) {
    return files.stream().map(file -> file.name().max()).max(Txid::compareTo).orElse(Txid.ZERO);
  }

  private static PlanResult broken(Collection<ObjectInfo> listing, Txid asked) {
    LtxChain whole = LtxChain.longest(Txid.ZERO, listing);
    Optional<MissingRange> gap = whole.gap(listing);
    return gap.isPresent()
        ? new PlanResult.Gap(gap.get())
        : new PlanResult.Beyond(asked, whole.reached());
  }

  private static String tooOld(Collection<ObjectInfo> listing, RestoreTarget target) {
    return listing.stream()
        .filter(file -> file.name().isSnapshot())
        .min(Comparator.comparing(file -> file.name().max()))
        .map(oldest ->
            "the replica does not go back to "
                + target
                + "; its oldest state is TXID "
                + oldest.name().max()
                + " of "
                + timestamp(oldest))
        .orElse("the replica holds no snapshot");
  }
}
