package dev.tidewal.compact;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What nobody needs any more, by the store's clock alone.
 *
 * <ul>
 *   <li>The floor is the newest snapshot older than the window. Older snapshots go, and every
 *       object of a level that ends at or below it: a moment of the window is reached from the
 *       floor or from a newer snapshot, by what was written after it.
 *   <li>A batch goes when its time is over and L1 holds it, or when the floor does. Where batches
 *       are kept longer than levels, they have a floor of their own, older than their time, and
 *       nothing but batches leads from there.
 *   <li>Claims, the newest batch, and what a protected branch needs stay; so does whatever was not
 *       acknowledged to us.
 *   <li>The newest object of L1 stays while there are claims: from its end a Litestream goes on,
 *       and without it would begin at the oldest claim and meet a gap.
 * </ul>
 *
 * @param expired to be deleted
 * @param reliesOn what holds their content; worth a look before they are deleted
 */
public record RetentionPlan(List<LtxName> expired, List<LtxName> reliesOn) {
  public RetentionPlan {
    expired = List.copyOf(expired);
    reliesOn = List.copyOf(reliesOn);
  }

  /**
   * The state of a replica that is judged.
   *
   * @param objects all that is known of it
   * @param acknowledged nothing above it is touched
   * @param branches protected until their time is over
   * @param hiddenClaims whether there are claims that {@code objects} does not name
   * @param distrusted objects that replace nothing: they were found missing or corrupt
   */
  public record Situation(
      List<LevelObject> objects,
      Txid acknowledged,
      List<ProtectedBranch> branches,
      boolean hiddenClaims,
      Set<LtxName> distrusted) {
    public Situation {
      objects = List.copyOf(objects);
      branches = List.copyOf(branches);
      distrusted = Set.copyOf(distrusted);
    }
  }

  /** Everything that is expired at this time of the store. */
  public static RetentionPlan at(
      Instant storeNow, Situation situation, CompactionSettings settings) {
    Keeper keeper = new Keeper(storeNow, situation, settings);
    List<LtxName> expired = new ArrayList<>();
    Set<LtxName> reliesOn = new LinkedHashSet<>();
    for (LevelObject object : situation.objects()) {
      keeper
          .replacementOf(object)
          .ifPresent(replacement -> {
            expired.add(object.name());
            reliesOn.add(replacement.name());
          });
    }
    return new RetentionPlan(expired, List.copyOf(reliesOn));
  }

  /** When the next object expires; empty when none ever will. */
  public static Optional<Instant> next(
      Instant storeNow, Situation situation, CompactionSettings settings) {
    Keeper keeper = new Keeper(storeNow, situation, settings);
    Stream<Instant> batches =
        situation.objects().stream()
            .filter(keeper::isCoveredBatch)
            .map(object -> object.modified().plus(keeper.batchAge()));
    List<Duration> ages =
        settings.batchesOutliveSteps()
            ? List.of(keeper.windowAge(), keeper.batchAge())
            : List.of(keeper.windowAge());
    Stream<Instant> turningPoints =
        Stream.concat(
                situation.objects().stream()
                    .filter(object -> object.name().level() == LtxName.SNAPSHOT_LEVEL)
                    .flatMap(object -> ages.stream().map(object.modified()::plus)),
                situation.branches().stream().map(ProtectedBranch::until))
            .filter(moment -> moment.isAfter(storeNow))
            .sorted()
            .filter(moment -> isAnyExpired(moment, situation, settings))
            .limit(1);
    return Stream.concat(batches, turningPoints).min(Instant::compareTo);
  }

  private static boolean isAnyExpired(
      Instant moment, Situation situation, CompactionSettings settings) {
    Keeper keeper = new Keeper(moment, situation, settings);
    return situation.objects().stream()
        .anyMatch(object -> keeper.replacementOf(object).isPresent());
  }

  boolean isEmpty() {
    return expired.isEmpty();
  }

  /** How long after its writing a batch that L1 holds may go. */
  static Duration batchAge(CompactionSettings settings) {
    return settings.batchRetention().plus(settings.restoreGrace());
  }

  /** How old the floor must be. */
  static Duration windowAge(CompactionSettings settings) {
    return settings.retention().plus(settings.restoreGrace());
  }
}
