package dev.tidewal.supervisor;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.database.Capture;
import dev.tidewal.database.Continuity.Recorded;
import dev.tidewal.database.DatabaseLook;
import dev.tidewal.database.DatabaseSettings;
import dev.tidewal.database.LiveDatabase;
import dev.tidewal.fence.Batch;
import dev.tidewal.fence.Branches;
import dev.tidewal.fence.Chain;
import dev.tidewal.fence.ClaimResult;
import dev.tidewal.fence.StartPlan;
import dev.tidewal.fence.Starter;
import dev.tidewal.fence.Starter.Started;
import dev.tidewal.fence.StoredBatch;
import dev.tidewal.legacy.GenerationStore;
import dev.tidewal.legacy.GenerationTarget;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replicate.Authority;
import dev.tidewal.replicate.ChecksumCatchUp;
import dev.tidewal.replicate.FullBatch;
import dev.tidewal.replicate.Gap;
import dev.tidewal.restore.GenerationRestorer;
import dev.tidewal.restore.RestoreListener;
import dev.tidewal.restore.RestoreOptions;
import dev.tidewal.restore.RestoreReport;
import dev.tidewal.restore.RestoreTarget;
import dev.tidewal.restore.Restorer;
import dev.tidewal.state.Acknowledged;
import dev.tidewal.state.CleanStop;
import dev.tidewal.state.FileStamp;
import dev.tidewal.state.PageChecksums;
import dev.tidewal.state.StateDirectory;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Decides, claims, and does what the plan says, up to the point where the database can be followed.
 */
final class DatabaseStart {
  private static final Logger LOG = System.getLogger(DatabaseStart.class.getName());

  private final Path database;
  private final ReplicaClient client;
  private final StateDirectory state;
  private final PageChecksums checksums;
  private final Starter starter;
  private final DatabaseFacts facts;
  private final DatabaseSettings settings;
  private final InstantSource clock;
  private final Supplier<Optional<String>> elsewhere;
  private final Consumer<RestoreReport> restored;
  private final boolean wasGone;

  /**
   * @param wasGone the file was deleted beside us, so that what is there now is another one
   * @param elsewhere which other destination holds the database, and how far
   * @param restored told about a restore
   */
  DatabaseStart(
      Path database,
      ReplicaClient client,
      StateDirectory state,
      PageChecksums checksums,
      Starter starter,
      DatabaseFacts facts,
      DatabaseSettings settings,
      InstantSource clock,
      Supplier<Optional<String>> elsewhere,
      Consumer<RestoreReport> restored,
      boolean wasGone) {
    this.database = database;
    this.client = client;
    this.state = state;
    this.checksums = checksums;
    this.starter = starter;
    this.facts = facts;
    this.settings = settings;
    this.clock = clock;
    this.elsewhere = elsewhere;
    this.restored = restored;
    this.wasGone = wasGone;
  }

  /**
   * @throws TidewalException.StoreUnreachable to be tried again
   * @throws TidewalException.Refused when the database can't be followed
   */
  Launch launch() throws IOException {
    Started started = starter.start(facts);
    StartPlan plan = started.plan();
    String reason = plan.problem().reason();
    return switch (plan) {
      case StartPlan.FirstSnapshot first -> begin(started);
      case StartPlan.RestartChain restart -> begin(started);
      case StartPlan.Restore restore -> restore(plan, started.chain().orElseThrow());
      case StartPlan.BringForward forward -> bringForward(plan, started.chain().orElseThrow());
      case StartPlan.Resume resume -> resume(resume, started.chain().orElseThrow());
      case StartPlan.Resync resync -> {
        Chain chain = started.chain().orElseThrow();
        if (wasGone) {
          keepForAWhile(chain);
        }
        yield resync(plan, chain);
      }
      case StartPlan.KeepLocal keep -> resync(plan, started.chain().orElseThrow());
      case StartPlan.RunDegraded degraded -> runDegraded(plan);
      case StartPlan.Wait wait -> new Launch.Later(reason, plan.message());
      case StartPlan.Refuse refuse -> new Launch.Refused(reason, plan.message());
      case StartPlan.Fence fence -> new Launch.Fenced(reason, plan.message());
    };
  }

  /**
   * The way to the chain of a database that is followed already, while the store did not answer.
   */
  Authority authority(LiveDatabase live) {
    return () -> {
      Optional<Acknowledged> before = state.acknowledged();
      Started started = starter.start(facts);
      StartPlan plan = started.plan();
      return switch (plan) {
        case StartPlan.Resume resume -> granted(live, before, started.chain().orElseThrow());
        case StartPlan.Resync resync -> granted(live, before, started.chain().orElseThrow());
        case StartPlan.Fence fence -> throw new TidewalException.Fenced(plan.message());
        case StartPlan.RunDegraded degraded ->
            throw new TidewalException.StoreUnreachable(plan.message());
        case StartPlan.Wait wait -> throw new TidewalException.StoreUnreachable(plan.message());
        case StartPlan.FirstSnapshot other -> new Authority.Answer.StartOver(plan.message());
        case StartPlan.RestartChain other -> new Authority.Answer.StartOver(plan.message());
        case StartPlan.Restore other -> new Authority.Answer.StartOver(plan.message());
        case StartPlan.KeepLocal other -> new Authority.Answer.StartOver(plan.message());
        case StartPlan.BringForward other -> new Authority.Answer.StartOver(plan.message());
        case StartPlan.Refuse other -> new Authority.Answer.StartOver(plan.message());
      };
    };
  }

  /**
   * The stream since the recorded position never broke, whatever became of the WAL meanwhile;
   * unless the replica has an own object more than was recorded.
   */
  private Authority.Answer granted(LiveDatabase live, Optional<Acknowledged> before, Chain chain)
      throws IOException {
    if (!new ChecksumCatchUp(client, checksums).bringTo(chain.head())) {
      return new Authority.Answer.Granted(chain, Gap.FULL);
    }
    boolean asRecorded =
        before
            .map(recorded -> recorded.position().txid().next())
            .filter(chain.head().position().txid()::equals)
            .isPresent();
    boolean followed = live.continuity().isProven() && asRecorded;
    Gap gap = followed ? Gap.NONE : Gap.DIFFERENCE;
    return new Authority.Answer.Granted(chain, fitting(gap, live, chain));
  }

  // --- plans ---

  /** All pages, as the object that claims the replica. */
  private Launch begin(Started started) throws IOException {
    if (!(DatabaseLook.at(database) instanceof DatabaseLook.Database)) {
      if (restoreGenerations()) {
        return new Launch.Later(
            "Restored", database + ": restored what Litestream 0.3 stored, deciding again");
      }
      return elsewhere
          .get()
          .<Launch>map(where ->
              new Launch.Refused(
                  "DataElsewhere",
                  database
                      + ": nothing here and nothing in "
                      + client.url()
                      + ", but "
                      + where
                      + "; restore it from there with `tidewal restore`, or name that destination"
                      + " first"))
          .orElseGet(() ->
              new Launch.AwaitFile(
                  "WaitingForDatabase", database + " does not exist yet; waiting for it"));
    }
    LiveDatabase live = open(Recorded.NOTHING);
    try {
      Capture all = live.full();
      try (PageChecksums.Update update = checksums.rewrite()) {
        Batch batch = FullBatch.of(all, update, clock.instant(), state.scratch());
        switch (starter.begin(started, batch)) {
          case ClaimResult.DecideAgain again -> {
            live.close();
            return new Launch.Later("Deciding", database + ": " + again.why() + "; deciding again");
          }
          case ClaimResult.Claimed claimed -> {
            StoredBatch head = claimed.chain().head();
            update.apply(FullBatch.at(head));
            live.settle(all);
            state.intentDone();
            return new Launch.Run(
                started.plan().problem().reason(),
                started.plan().message(),
                live,
                Optional.of(claimed.chain()),
                claimed.chain().mustSendAll() ? Gap.FULL : Gap.NONE);
          }
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      live.close();
      throw e;
    }
  }

  private Launch resume(StartPlan.Resume plan, Chain chain) throws IOException {
    boolean known = new ChecksumCatchUp(client, checksums).bringTo(chain.head());
    LiveDatabase live = open(recorded(chain.head(), plan.head().txid()));
    Gap gap = gap(live);
    return run(plan, live, chain, known ? gap : Gap.FULL);
  }

  private Launch resync(StartPlan plan, Chain chain) throws IOException {
    boolean known = new ChecksumCatchUp(client, checksums).bringTo(chain.head());
    return run(plan, open(Recorded.NOTHING), chain, known ? Gap.DIFFERENCE : Gap.FULL);
  }

  /** A difference may take everything away: what was there before stays restorable for a week. */
  private void keepForAWhile(Chain chain) {
    Txid before = chain.head().position().txid();
    Branches.protect(client, before);
    LOG.log(
        Level.WARNING,
        "{0} was deleted while it was replicated, and another file is there; what {1} had until {2}"
            + " stays restorable for seven days: tidewal restore --txid {2}",
        database,
        client.url(),
        before);
  }

  private Launch restore(StartPlan plan, Chain chain) throws IOException {
    Files.deleteIfExists(newer());
    restore(chain.head(), file(), isEmptyFile());
    return runRestored(plan, chain);
  }

  /** The old file stays in its place until there is a newer one that was checked. */
  private Launch bringForward(StartPlan plan, Chain chain) throws IOException {
    restore(chain.head(), newer(), true);
    setAside(chain);
    Files.move(newer(), file(), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(file().resolveSibling(""))) {
      directory.force(true);
    }
    return runRestored(plan, chain);
  }

  /** Where a newer file is made; a crash may leave it. */
  private Path newer() throws IOException {
    Path file = file();
    return file.resolveSibling("." + file.getFileName() + "-newer");
  }

  /** What is restored takes the place of the file, never that of a link to it. */
  private Path file() throws IOException {
    return StateDirectory.behindLinks(database);
  }

  private void restore(StoredBatch head, Path output, boolean overwrite) throws IOException {
    RestoreOptions options = RestoreOptions.DEFAULT.withOverwrite(overwrite);
    RestoreReport report =
        new Restorer(client, options, RestoreListener.NONE)
            .restore(new RestoreTarget.AtTxid(head.position().txid()), output);
    restored.accept(report);
    RestoredFile.record(output, head, checksums);
  }

  private Launch runRestored(StartPlan plan, Chain chain) throws IOException {
    // The file has no WAL yet: a start after a crash must not take that for frames that were lost.
    state.backfilledThrough(chain.head().position().txid());
    state.intentDone();
    return run(plan, open(Recorded.NOTHING), chain, Gap.DIFFERENCE);
  }

  private Launch runDegraded(StartPlan plan) throws IOException {
    Optional<Acknowledged> recorded = state.acknowledged();
    LiveDatabase live = open(recorded.isPresent() ? recorded(recorded.get()) : Recorded.NOTHING);
    return new Launch.Run(
        plan.problem().reason(), plan.message(), live, Optional.empty(), gap(live));
  }

  private Gap gap(LiveDatabase live) {
    return live.continuity().isProven() && state.dropped().isEmpty() ? Gap.NONE : Gap.DIFFERENCE;
  }

  private static Launch run(StartPlan plan, LiveDatabase live, Chain chain, Gap gap) {
    return new Launch.Run(
        plan.problem().reason(),
        plan.message(),
        live,
        Optional.of(chain),
        fitting(gap, live, chain));
  }

  /** Every page where the chain asks for it, or where pages of another size would follow. */
  private static Gap fitting(Gap gap, LiveDatabase live, Chain chain) {
    boolean fits = live.pageSize() == chain.head().pageSize() && !chain.mustSendAll();
    return fits ? gap : Gap.FULL;
  }

  // --- files ---

  private LiveDatabase open(Recorded recorded) throws IOException {
    LiveDatabase live = LiveDatabase.open(database, settings, recorded);
    boolean handed = false;
    try {
      if (live.wasConverted()) {
        state.recordConverted();
      }
      handed = true;
      return live;
    } finally {
      if (!handed) {
        live.close(); // or its pin would hold the WAL for as long as this process lives
      }
    }
  }

  /**
   * @param before the TXID of the head that was claimed, whose content {@code head} repeats
   */
  private Recorded recorded(StoredBatch head, Txid before) throws IOException {
    boolean backfilled =
        state
            .acknowledged()
            .map(now -> !now.backfilled().isBefore(head.position().txid()))
            .orElse(false);
    return new Recorded(head.end(), head.commit(), backfilled, left(before));
  }

  private Recorded recorded(Acknowledged found) throws IOException {
    return new Recorded(
        found.wal(), found.commit(), found.allBackfilled(), left(found.position().txid()));
  }

  private Optional<FileStamp> left(Txid at) throws IOException {
    return state.cleanStop().filter(stop -> stop.isAt(at)).map(CleanStop::stamp);
  }

  /** A replica without LTX may have what Litestream 0.3 stored: that is never "empty". */
  private boolean restoreGenerations() throws IOException {
    Optional<GenerationStore> store = client.browser().map(GenerationStore::new);
    if (store.isEmpty() || store.get().list().isEmpty()) {
      return false;
    }
    RestoreOptions options = RestoreOptions.DEFAULT.withOverwrite(isEmptyFile());
    var _ =
        new GenerationRestorer(store.get(), options, RestoreListener.NONE)
            .restore(new GenerationTarget.Latest(), file());
    return true;
  }

  private boolean isEmptyFile() throws IOException {
    return DatabaseLook.at(database) instanceof DatabaseLook.Empty;
  }

  /** The file that gives way stays where a person finds it. */
  private void setAside(Chain chain) throws IOException {
    Path branch = state.branches().resolve("before-" + chain.head().position().txid());
    Files.createDirectories(branch);
    for (String suffix : new String[] {"-wal", "-shm", "-journal", ""}) {
      Path file = Path.of(file() + suffix);
      if (Files.exists(file)) {
        Files.move(file, branch.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
