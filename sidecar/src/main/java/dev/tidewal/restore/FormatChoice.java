package dev.tidewal.restore;

import static java.util.Comparator.naturalOrder;

import dev.tidewal.core.TidewalException.Refused;
import dev.tidewal.legacy.Generation;
import dev.tidewal.legacy.GenerationSnapshot;
import dev.tidewal.legacy.GenerationStore;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import java.time.Duration;
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

  /** Later than an upload that waited for its store. */
  private static final Duration LATE = Duration.ofHours(1);

  /** Looks at what the replica holds. LTX is listed only where there are generations too. */
  public static FormatChoice of(ReplicaClient client, RestoreTarget target) {
    List<Generation> generations =
        client.browser().map(browser -> new GenerationStore(browser).list()).orElse(List.of());
    return generations.isEmpty()
        ? LTX
        : decide(new ReplicaListing(client).readWithTimes(), generations, target);
  }

  /**
   * A TXID exists in LTX only.
   *
   * @throws Refused when the store's times are all that makes the generations newer, and a copy has
   *     overwritten them: an old state must not be restored without a word
   */
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
      case RestoreTarget.Latest latest -> newest(listing, generations);
      case RestoreTarget.AtTime at -> {
        Optional<Instant> ltx = ltxSnapshotBy(listing, at.time());
        FormatChoice choice = newer(snapshotBy(generations, at.time()), ltx);
        yield ltx.isPresent() ? told(choice, listing) : choice;
      }
    };
  }

  private static FormatChoice newest(
      Collection<ObjectInfo> listing, Collection<Generation> generations) {
    return told(newer(updated(generations), newestOf(listing)), listing);
  }

  /** The batches of the last hour look as if they were no copies: one old object tells. */
  private static FormatChoice told(FormatChoice choice, Collection<ObjectInfo> listing) {
    if (choice == GENERATIONS && listing.stream().anyMatch(FormatChoice::isCopy)) {
      throw new Refused(
          "it can't be told whether LTX objects or generations of Litestream 0.3 are newer, their"
              + " times in the store are those of a copy; name what to restore: --txid "
              + listing.stream()
                  .map(object -> object.name().max())
                  .max(naturalOrder())
                  .orElseThrow()
              + ", or --generation (`tidewal generations` lists them)");
    }
    return choice;
  }

  /** Stored long after it was recorded. */
  private static boolean isCopy(ObjectInfo object) {
    return RestorePlan.timestamp(object).plus(LATE).isBefore(object.modified());
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
