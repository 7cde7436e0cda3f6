package dev.tidewal.restore;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a replica holds, by its listing and the metadata of three objects.
 *
 * @param levels those with objects, ascending
 * @param head the newest batch
 * @param earliest the oldest state that can be restored by TXID
 * @param latest the newest state that can be restored
 * @param problem why the newest state can't be restored, though there are objects
 */
public record ReplicaOverview(
    List<Level> levels,
    Optional<State> head,
    Optional<State> earliest,
    Optional<State> latest,
    Optional<String> problem) {
  public ReplicaOverview {
    levels = List.copyOf(levels);
  }

  /** One level: 0 batches, 1 to 8 compacted, 9 snapshots. */
  public record Level(int level, int objects, long bytes) {}

  /**
   * A state of the database.
   *
   * @param recorded when its newest content was written
   * @param owner who stored it, where that was recorded
   */
  public record State(Txid txid, Instant recorded, Optional<String> owner) {}

  /**
   * Asks the store: one listing a level, and three objects at most.
   *
   * @throws TidewalException as the store answers
   */
  public static ReplicaOverview read(ReplicaClient client) {
    List<ObjectInfo> listing = new ReplicaListing(client).read(RestoreTarget.LATEST);
    PlanResult plan = RestorePlan.decide(listing, RestoreTarget.LATEST);
    return new ReplicaOverview(
        levels(listing),
        listing.stream()
            .filter(object -> object.name().level() == 0)
            .max(Comparator.comparing(object -> object.name().max()))
            .map(object -> state(client, object)),
        listing.stream()
            .filter(object -> object.name().isSnapshot())
            .min(Comparator.comparing(object -> object.name().max()))
            .map(object -> state(client, object)),
        plan instanceof PlanResult.Ready(RestorePlan ready)
            ? Optional.of(state(client, ready.newest()))
            : Optional.empty(),
        listing.isEmpty() ? Optional.empty() : problem(client.url(), plan));
  }

  public int objects() {
    return levels.stream().mapToInt(Level::objects).sum();
  }

  public long bytes() {
    return levels.stream().mapToLong(Level::bytes).sum();
  }

  private static List<Level> levels(List<ObjectInfo> listing) {
    List<Level> levels = new ArrayList<>();
    for (int level = 0; level <= LtxName.SNAPSHOT_LEVEL; level++) {
      int wanted = level;
      List<ObjectInfo> objects =
          listing.stream().filter(object -> object.name().level() == wanted).toList();
      if (!objects.isEmpty()) {
        long bytes = objects.stream().mapToLong(ObjectInfo::sizeBytes).sum();
        levels.add(new Level(level, objects.size(), bytes));
      }
    }
    return levels;
  }

  private static State state(ReplicaClient client, ObjectInfo object) {
    ObjectInfo known = object;
    try {
      known = client.stat(object.name());
    } catch (TidewalException.NotFound gone) {
      // Retention took it after the listing, which knows enough.
    }
    return new State(known.name().max(), RestorePlan.timestamp(known), known.metadata().owner());
  }

  private static Optional<String> problem(String url, PlanResult plan) {
    try {
      var _ = plan.orThrow(url);
      return Optional.empty();
    } catch (TidewalException why) {
      return Optional.of(String.valueOf(why.getMessage()));
    }
  }
}
