package dev.tidewal.restore;

import dev.tidewal.core.Position;
import dev.tidewal.core.TidewalException;
import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.TidewalException.NotFound;
import dev.tidewal.core.TidewalException.NothingToRestore;
import dev.tidewal.core.TidewalException.Refused;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.ltx.PageChecksum;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * Restores a database from one replica, exactly or not at all.
 *
 * <p>An object that is corrupt or gone is replaced by what other levels hold, as long as the same
 * state is reached; otherwise the restore is refused and the missing TXIDs are named. Never claims,
 * never writes to the replica. Thread-safe; one restore uses the calling thread and its own pool.
 */
public final class Restorer {
  private static final int BATCHES_COMPARED = 64;

  private final ReplicaClient client;
  private final RestoreOptions options;
  private final RestoreListener listener;

  public Restorer(ReplicaClient client, RestoreOptions options, RestoreListener listener) {
    this.client = client;
    this.options = options;
    this.listener = listener;
  }

  /**
   * What a restore would do, from listings alone.
   *
   * @throws NothingToRestore when the replica is empty or doesn't go back that far
   * @throws Refused when objects are missing before the target
   */
  public RestorePlan plan(RestoreTarget target) {
    return decide(new ReplicaListing(client).read(target), target, Set.of()).orThrow(client.url());
  }

  /**
   * Restores.
   *
   * @param output must not exist, unless the options allow to overwrite
   * @throws NothingToRestore when the replica is empty or doesn't go back that far
   * @throws Refused when the target can't be reached, or the output must not be written
   * @throws Corrupt when objects are damaged and no others hold the same TXIDs
   * @throws IOException when the output can't be written; nothing is left behind
   */
  public RestoreReport restore(RestoreTarget target, Path output) throws IOException {
    long start = System.nanoTime();
    try (RestoreOutput file = RestoreOutput.open(output, options.overwrite())) {
      Attempts attempts = new Attempts(target);
      Assembled database = attempts.run(file);
      boolean compared = checkHistory(attempts.plan, attempts.listing, database);
      if (options.integrityCheck() != IntegrityCheck.NONE) {
        listener.finishing("integrity check");
        SqliteCheck.run(options.integrityCheck(), file.temporary());
      }
      if (options.forFollowing()) {
        DatabaseHeader header = DatabaseHeader.read(file.channel());
        FollowState.settled(
                new FollowState.At(
                    attempts.plan.reached(),
                    database.rolling(),
                    firstPage(file, database.pageSize())),
                header.changeCounter())
            .write(output);
        leaveWalMode(file);
      }
      listener.finishing("sync");
      file.commit();
      return new RestoreReport(
          attempts.plan,
          new Position(attempts.plan.reached(), database.rolling()),
          compared,
          database.pageSize(),
          database.databaseBytes(),
          attempts.downloaded.sum(),
          Duration.ofNanos(System.nanoTime() - start),
          attempts.replans,
          options.integrityCheck());
    } catch (IOException e) {
      throw RestoreOutput.explained(e, output);
    }
  }

  private static PlanResult decide(
      List<ObjectInfo> listing, RestoreTarget target, Set<LtxName> broken) {
    return RestorePlan.decide(
        listing.stream().filter(object -> !broken.contains(object.name())).toList(), target);
  }

  /** Plans and assembles, again without what turned out to be broken. */
  private final class Attempts {
    final LongAdder downloaded = new LongAdder();
    final List<String> replans = new ArrayList<>();
    final Set<LtxName> broken = new HashSet<>();
    final RestoreTarget target;
    List<ObjectInfo> listing;
    RestorePlan plan;

    Attempts(RestoreTarget target) {
      this.target = target;
      this.listing = new ReplicaListing(client).read(target);
      this.plan = decide(listing, target, broken).orThrow(client.url());
    }

    Assembled run(RestoreOutput file) throws IOException {
      while (true) {
        listener.started(plan);
        try {
          return new Assembly(client, options, listener, downloaded, plan, file).run();
        } catch (BrokenObject e) {
          replanWithout(e);
          file.clear();
        }
      }
    }

    private void replanWithout(BrokenObject object) {
      broken.add(object.name());
      if (object.reason() instanceof NotFound) {
        listing = new ReplicaListing(client).read(target);
      }
      PlanResult next = decide(listing, target, broken);
      if (!(next instanceof PlanResult.Ready ready)
          || ready.plan().reached().isBefore(plan.reached())) {
        throw irreplaceable(object, next);
      }
      plan = ready.plan();
      replans.add(object.defect());
      listener.replanned(object.defect());
    }

    private TidewalException irreplaceable(BrokenObject object, PlanResult without) {
      String reason = client.url() + ": " + object.defect() + "; no other object replaces it";
      String message =
          switch (without) {
            case PlanResult.Gap gap -> reason + ": " + gap.describe();
            case PlanResult.Ready ready ->
                reason + "; without it the newest state is --txid " + ready.plan().reached();
            case PlanResult.Nothing nothing -> reason + ": " + nothing.reason();
            case PlanResult.Beyond beyond ->
                reason + "; without it the newest state is --txid " + beyond.newest();
          };
      return object.reason() instanceof NotFound
          ? new Refused(message, object.reason())
          : new Corrupt(message, object.reason());
    }
  }

  /**
   * Compares with what the writer recorded; where nothing is recorded, signs of a second writer
   * refuse the restore.
   */
  private boolean checkHistory(RestorePlan plan, List<ObjectInfo> listing, Assembled database) {
    boolean compared = false;
    for (ObjectInfo object : listing) {
      if (object.name().max().equals(plan.reached())) {
        Optional<Long> recorded = recordedChecksum(object.name());
        compared |= recorded.isPresent();
        if (recorded.isPresent() && recorded.get() != database.rolling()) {
          throw new Corrupt(
              client.url()
                  + ": the state at "
                  + plan.reached()
                  + " has checksum "
                  + HexFormat.of().toHexDigits(database.rolling())
                  + ", its writer recorded "
                  + HexFormat.of().toHexDigits(recorded.get())
                  + " with "
                  + object.name()
                  + ": objects of another history are among the plan's");
        }
      }
    }
    if (!compared) {
      Optional<SplitChain> split = plan.suspicion().or(() -> splitInBatches(plan, listing));
      if (split.isPresent()) {
        throw new Refused(client.url() + ": " + split.get());
      }
    }
    return compared;
  }

  private Optional<Long> recordedChecksum(LtxName name) {
    try {
      return client.stat(name).metadata().checksum().stream().boxed().findFirst();
    } catch (NotFound deletedMeanwhile) {
      return Optional.empty();
    }
  }

  /**
   * Looks at the newest batches, those too that the plan takes from a higher level: compaction
   * hides who wrote what. Batches of our own writers follow rules of their own and have recorded
   * checksums.
   */
  private Optional<SplitChain> splitInBatches(RestorePlan plan, List<ObjectInfo> listing) {
    List<ObjectInfo> batches =
        listing.stream()
            .filter(object -> object.name().level() == 0)
            .filter(object -> !object.name().max().isAfter(plan.reached()))
            .sorted(Comparator.comparing(ObjectInfo::name))
            .toList();
    List<ObjectInfo> newest =
        batches.subList(Math.max(0, batches.size() - BATCHES_COMPARED), batches.size());
    return SplitChain.inBatches(new ReplicaListing(client).batches(newest))
        .filter(split -> isForeign(split.first()) && isForeign(split.second()));
  }

  private boolean isForeign(LtxName name) {
    try {
      return client.stat(name).metadata().owner().isEmpty();
    } catch (NotFound deletedMeanwhile) {
      return true;
    }
  }

  private static long firstPage(RestoreOutput file, int pageSize) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(pageSize);
    while (page.hasRemaining() && file.channel().read(page, page.position()) >= 0) {
      // Until it is full.
    }
    return PageChecksum.of(1, page.array(), 0, pageSize);
  }

  /** Bytes 18 and 19 of the header: readers use the rollback journal's locks. */
  private static void leaveWalMode(RestoreOutput file) throws IOException {
    file.channel().write(ByteBuffer.wrap(new byte[] {1, 1}), 18);
  }
}
