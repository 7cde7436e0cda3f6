package dev.tidewal.restore;

import dev.tidewal.legacy.Generation;
import dev.tidewal.legacy.GenerationSnapshot;
import dev.tidewal.legacy.GenerationStore;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which of the two formats below one prefix a restore reads, as Litestream chooses: the one with
 * the newer data; for a moment in the past, the one with the newer snapshot before it.
 */
public enum FormatChoice {
  LTX,
  GENERATIONS;

  /** Looks at what the replica holds. LTX is listed only where there are generations too. */
  public static FormatChoice of(ReplicaClient client, RestoreTarget target) {
    List<Generation> generations =
        client.browser().map(browser -> new GenerationStore(browser).list()).orElse(List.of());
    return generations.isEmpty()
        ? LTX
        : decide(new ReplicaListing(client).readWithTimes(), generations, target);
  }

  /** A TXID exists in LTX only. */
  public static FormatChoice decide(
      Collection<ObjectInfo> listing, Collection<Generation> generations, RestoreTarget target) {
    if (generations.isEmpty()) {
      return LTX;
    }
    if (listing.isEmpty()) {
      return target instanceof RestoreTarget.AtTxid ? LTX : GENERATIONS;
    }
    return switch (target) {
      case RestoreTarget.AtTxid at -> LTX;
      case RestoreTarget.Latest latest -> newer(updated(generations), newestOf(listing));
      case RestoreTarget.AtTime at ->
          newer(snapshotBy(generations, at.time()), ltxSnapshotBy(listing, at.time()));
    };
  }

  private static FormatChoice newer(Optional<Instant> generations, Optional<Instant> ltx) {
    boolean older =
        generations.isEmpty() || (ltx.isPresent() && !generations.get().isAfter(ltx.get()));
    return older ? LTX : GENERATIONS;
  }

  private static Optional<Instant> updated(Collection<Generation> generations) {
    return generations.stream()
        .flatMap(generation -> generation.updated().stream())
        .max(Comparator.naturalOrder());
  }

  private static Optional<Instant> newestOf(Collection<ObjectInfo> listing) {
    return listing.stream().map(RestorePlan::timestamp).max(Comparator.naturalOrder());
  }

  private static Optional<Instant> snapshotBy(Collection<Generation> generations, Instant limit) {
    return generations.stream()
        .flatMap(generation -> generation.snapshots().stream())
        .map(GenerationSnapshot::created)
        .filter(time -> !time.isAfter(limit))
        .max(Comparator.naturalOrder());
  }

  private static Optional<Instant> ltxSnapshotBy(Collection<ObjectInfo> listing, Instant limit) {
    return listing.stream()
        .filter(object -> object.name().level() == LtxName.SNAPSHOT_LEVEL)
        .map(RestorePlan::timestamp)
        .filter(time -> !time.isAfter(limit))
        .max(Comparator.naturalOrder());
  }
}
