package dev.tidewal.supervisor;

import dev.tidewal.config.DatabaseConfig;
import dev.tidewal.config.DestinationConfig;
import dev.tidewal.config.StoreLookup;
import dev.tidewal.config.StoreState;
import dev.tidewal.core.Position;
import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.database.DatabaseLocked;
import dev.tidewal.database.DatabaseLook;
import dev.tidewal.database.DatabaseSettings;
import dev.tidewal.database.LiveDatabase;
import dev.tidewal.database.Wake;
import dev.tidewal.fence.Chain;
import dev.tidewal.fence.Floor;
import dev.tidewal.fence.HeadReader;
import dev.tidewal.fence.ReplicaHead;
import dev.tidewal.fence.RootMarkers;
import dev.tidewal.fence.Starter;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaSettings;
import dev.tidewal.replica.ThrottledReplicaClient;
import dev.tidewal.replicate.Backlog;
import dev.tidewal.replicate.ReplicationProgress;
import dev.tidewal.replicate.ReplicationSettings;
import dev.tidewal.replicate.ReplicationState;
import dev.tidewal.replicate.ReplicationStatus;
import dev.tidewal.replicate.Replicator;
import dev.tidewal.replicate.Uploader;
import dev.tidewal.state.PageChecksums;
import dev.tidewal.state.StateDirectory;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One database from the start of the process to its end: waits for it, starts it, replicates it,
 * and starts it again when its files were replaced. {@link #run} is the body of the one thread that
 * touches the database.
 */
final class DatabaseRun {
  private static final Logger LOG = System.getLogger(DatabaseRun.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

  /** What fails sooner fails again: pauses grow. */
  private static final Duration LASTING_RUN = Duration.ofSeconds(10);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private final Path database;
  private final DatabaseConfig config;
  private final Shared shared;
  private final RunStatus status;
  private final Findings findings;
  private final ReplicationProgress progress;
  private final Semaphore nudge = new Semaphore(0);
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile @Nullable Replicator replicator;
  private final List<CompletableFuture<Position>> awaitingStart = new ArrayList<>();
  private Duration pause = FIRST_PAUSE;

  /** The database was there, and was followed. */
  private boolean replicated;

  /** It was gone after that: what is there now is not known to go on from it. */
  private boolean wasGone;

  DatabaseRun(Path database, DatabaseConfig config, Shared shared) {
    this.database = database;
    this.config = config;
    this.shared = shared;
    this.progress =
        new ReplicationProgress(database.toString(), shared.events(), shared.clocks().wall());
    DestinationConfig first = config.destinations().getFirst();
    this.status = new RunStatus(database, first.name(), first.store().shown(), progress);
    this.findings = new Findings(database, status);
  }

  ReplicationStatus status() {
    return status.view();
  }

  /** Whether nothing more will happen without a person. */
  boolean isOver() {
    return switch (status.state()) {
      case FENCED, REFUSED, STOPPED -> true;
      case WAITING_FOR_DATABASE, STARTING, REPLICATING, DEGRADED -> false;
    };
  }

  /**
   * Completes when everything committed before the call is durable; waits for a start that is still
   * under way.
   */
  synchronized CompletableFuture<Position> sync() {
    Replicator running = replicator;
    if (running != null) {
      return running.sync();
    }
    if (isOver()) {
      return CompletableFuture.failedFuture(over());
    }
    awaitingStart.removeIf(CompletableFuture::isDone); // who asked gave up
    CompletableFuture<Position> later = new CompletableFuture<>();
    awaitingStart.add(later);
    return later;
  }

  /** Completes when a snapshot of the database as it is now is durable. */
  synchronized CompletableFuture<Position> snapshot() {
    Replicator running = replicator;
    return running != null ? running.snapshot() : sync().thenCompose(position -> snapshot());
  }

  private synchronized void started(Replicator current) {
    replicator = current;
    for (CompletableFuture<Position> waiting : awaitingStart) {
      var _ =
          current
              .sync()
              .whenComplete((position, error) -> {
                if (error == null) {
                  waiting.complete(position);
                } else {
                  waiting.completeExceptionally(error);
                }
              });
    }
    awaitingStart.clear();
  }

  void stop() {
    stopping.countDown();
    nudge.release();
    Replicator running = replicator;
    if (running != null) {
      running.stop();
    }
  }

  void run() {
    try {
      while (!isStopping() && !isOver()) {
        try {
          attempt();
        } catch (Error e) { // not even saying so was possible, for want of memory
          boolean ignored = stopping.await(FIRST_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (!isOver()) {
        boolean begun = status.state() != ReplicationState.STARTING;
        status.is(
            ReplicationState.STOPPED,
            begun ? "Stopped" : "StoppedBehind",
            begun ? "" : "stopped before its replication had begun");
      }
      answerNobodyIsLeft();
    }
  }

  /** Whoever waits for a start that will not come gets the reason. */
  private synchronized void answerNobodyIsLeft() {
    awaitingStart.forEach(waiting -> waiting.completeExceptionally(over()));
    awaitingStart.clear();
  }

  private TidewalException over() {
    ReplicationStatus now = status();
    return now.state() == ReplicationState.FENCED
        ? new TidewalException.Fenced(now.message())
        : new TidewalException.StoreUnreachable(
            database + " is not replicated: " + now.reason() + " " + now.message());
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void attempt() throws InterruptedException {
    try {
      if (awaitsDatabase()) {
        awaitChange(this::awaitsDatabase);
        return;
      }
      LiveDatabase.requireAccess(database);
      switch (StoreLookup.look(config.destinations().getFirst().store())) {
        case StoreState.NotReady(String why) -> later("BucketNotReady", why);
        case StoreState.Ready(ReplicaSettings first) -> {
          try (ReplicaClient client = open(first);
              StateDirectory state = StateDirectory.open(database, config.stateDirectory())) {
            start(client, state, () -> shared.stores().keepsConditions(first), this::elsewhere);
          }
        }
      }
    } catch (TidewalException e) {
      failed(e);
    } catch (IOException e) {
      later("LocalError", localError(e));
    } catch (RuntimeException | Error e) { // also for want of memory: others may free some
      LOG.log(Level.ERROR, database + ": a defect of Tidewal; please report it", e);
      later("Defect", String.valueOf(e));
    }
  }

  /** Something that may change with the files. */
  private interface Condition {
    boolean holds() throws IOException;
  }

  private void awaitChange(Condition missing) throws IOException, InterruptedException {
    Duration polled = config.checkpoints().pollInterval();
    try (Wake.Watched _ = shared.wake().watch(database, polled, _ -> nudge.release())) {
      if (missing.holds() && !isStopping()) { // it may have appeared before we watched
        boolean ignored = nudge.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
    nudge.drainPermits();
  }

  private ReplicaClient open(ReplicaSettings settings) {
    return new ThrottledReplicaClient(
        shared.stores().open(settings), config.destinations().getFirst().throttle().limit());
  }

  /**
   * A database that isn't there is waited for, unless it is to be restored, or a start that had
   * kept the file aside did not get as far as restoring another. One that was deleted beside us is
   * not brought back: whoever did that meant it, or is about to begin anew.
   */
  private boolean awaitsDatabase() throws IOException {
    boolean missing = !(DatabaseLook.at(database) instanceof DatabaseLook.Database);
    if (missing && (replicated || !(config.restoreIfMissing() || isRestoring()))) {
      wasGone |= replicated;
      status.is(
          ReplicationState.WAITING_FOR_DATABASE,
          "WaitingForDatabase",
          database + " does not exist yet; if its replica holds data, restore it first");
      return true;
    }
    return false;
  }

  private boolean isRestoring() throws IOException {
    return StateDirectory.peekRestoring(StateDirectory.locate(database, config.stateDirectory()));
  }

  /**
   * The other destination that holds most of the database, and how far.
   *
   * @throws TidewalException.StoreUnreachable when that can't be known of one
   */
  private Optional<String> elsewhere() {
    Txid furthest = Txid.ZERO;
    Optional<String> where = Optional.empty();
    for (DestinationConfig other : config.destinations().subList(1, config.destinations().size())) {
      try (ReplicaClient client = shared.stores().open(ready(other))) {
        if (new HeadReader(client).read(Optional.empty()) instanceof ReplicaHead.At head
            && head.txid().isAfter(furthest)) {
          furthest = head.txid();
          where = Optional.of(client.url() + " holds it up to " + furthest);
        }
      }
    }
    return where;
  }

  private ReplicaSettings ready(DestinationConfig other) {
    try {
      return switch (StoreLookup.look(other.store())) {
        case StoreState.Ready(ReplicaSettings settings) -> settings;
        case StoreState.NotReady(String why) ->
            throw new TidewalException.StoreUnreachable(
                database
                    + " does not exist, and destination "
                    + other.name()
                    + " may hold it: "
                    + why);
      };
    } catch (IOException e) {
      throw new TidewalException.StoreUnreachable(
          database + " does not exist, and destination " + other.name() + " may hold it: " + e, e);
    }
  }

  private void start(
      ReplicaClient client,
      StateDirectory state,
      BooleanSupplier keepsConditions,
      Supplier<Optional<String>> elsewhere)
      throws IOException, InterruptedException {
    DatabaseSettings settings = databaseSettings(state);
    Path litestream =
        config
            .litestreamDirectory()
            .orElseGet(() -> database.resolveSibling("." + database.getFileName() + "-litestream"));
    RootMarkers markers =
        new RootMarkers(
            client,
            new RootMarkers.Wanted(shared.clusterId(), client.url(), shared.takeOverFrom(), false),
            keepsConditions);
    Starter starter =
        new Starter(
            client,
            state,
            markers,
            new Starter.Situation(
                shared.moment().get(), Floor.none(), shared.choice(), shared.pod()),
            shared.clocks());
    try (PageChecksums checksums = PageChecksums.open(state.pageChecksums(), state.scratch())) {
      DatabaseStart start =
          new DatabaseStart(
              database,
              client,
              state,
              checksums,
              starter,
              new DatabaseFacts(database, litestream, client, settings, state.cleanStop()),
              settings,
              shared.clocks().wall(),
              elsewhere,
              report ->
                  shared
                      .events()
                      .restored(
                          database.toString(),
                          report.plan().files().size(),
                          report.databaseBytes(),
                          report.duration()),
              wasGone);
      switch (start.launch()) {
        case Launch.Run run -> {
          try (LiveDatabase live = run.database()) {
            replicate(run, live, client, state, checksums, start);
          }
        }
        case Launch.AwaitFile(String reason, String message) -> {
          status.is(ReplicationState.WAITING_FOR_DATABASE, reason, message);
          awaitChange(() -> !(DatabaseLook.at(database) instanceof DatabaseLook.Database));
        }
        case Launch.Later(String reason, String message) -> later(reason, message);
        case Launch.Refused(String reason, String message) -> refused(reason, message);
        case Launch.Fenced(String reason, String message) -> fenced(reason, message);
      }
    }
  }

  private void replicate(
      Launch.Run run,
      LiveDatabase live,
      ReplicaClient client,
      StateDirectory state,
      PageChecksums checksums,
      DatabaseStart start)
      throws IOException, InterruptedException {
    LOG.log(Level.INFO, "{0}: {1}: {2}", database, run.reason(), run.message());
    Uploader uploader =
        new Uploader(
            client,
            run.chain(),
            start.authority(live),
            checksums,
            state.scratch(),
            shared.clocks().wall());
    run.chain().ifPresent(chain -> progress.durable(chain.head().position()));
    status.owner(run.chain().map(Chain::owner));
    Replicator current =
        new Replicator(
            live,
            state,
            uploader,
            run.gap(),
            replicationSettings(),
            progress,
            shared.clocks().wall(),
            shared.spool());
    current.onHealth((health, rewritten) -> {
      uploader
          .chain()
          .filter(Chain::isUnfenced)
          .ifPresent(chain -> findings.unfenced(client.url()));
      findings.followed(health, rewritten);
    });
    Replicator.End ended;
    Duration polled = config.checkpoints().pollInterval();
    Path real = database.toRealPath();
    try (Wake.Watched changes = shared.wake().watch(real, polled, _ -> current.changed());
        Upkeep upkeep =
            Upkeep.start(
                shared,
                database,
                config,
                client,
                uploader,
                status,
                state.scratch(),
                current::snapshot)) {
      uploader.onAcknowledged(upkeep::acknowledged);
      replicated = true;
      wasGone = false;
      started(current);
      status.is(ReplicationState.REPLICATING, run.reason(), run.message());
      if (isStopping()) {
        current.stop();
      }
      Instant begin = shared.clocks().wall().instant();
      ended = current.run(changes::again);
      if (uploader.chain().isPresent()) {
        uploader.chain().get().leave();
      }
      if (Duration.between(begin, shared.clocks().wall().instant()).compareTo(LASTING_RUN) > 0) {
        pause = FIRST_PAUSE;
      }
    } finally {
      replicator = null;
    }
    ended(ended);
  }

  private void ended(Replicator.End end) throws InterruptedException {
    switch (end) {
      case Replicator.End.Stopped(boolean complete) -> {
        String reason = complete ? "Stopped" : "StoppedBehind";
        status.is(
            ReplicationState.STOPPED, reason, complete ? "" : "the final sync did not finish");
      }
      case Replicator.End.Fenced(String why) -> fenced("Fenced", why);
      case Replicator.End.StreamEnded(var event) -> later("DatabaseChanged", event.sentence());
      case Replicator.End.StartOver(String why) -> later("Deciding", why);
    }
  }

  // --- what is shown ---

  private void failed(TidewalException e) throws InterruptedException {
    String message = String.valueOf(e.getMessage());
    if (e instanceof TidewalException.Refused) {
      findings.notFollowed(e.getCause() instanceof DatabaseLocked);
    }
    switch (e) {
      case TidewalException.Fenced fenced -> fenced("Fenced", message);
      case TidewalException.StoreUnreachable unreachable -> later("StoreUnreachable", message);
      case TidewalException.PermissionDenied denied -> later("PermissionDenied", message);
      case TidewalException.NotFound gone -> later("WaitingForDatabase", message);
      case TidewalException.Cancelled cancelled -> later("Cancelled", message);
      case TidewalException.PreconditionFailed other -> later("Deciding", message);
      case TidewalException.Usage usage -> refused("Misconfigured", message);
      case TidewalException.Refused locked when locked.getCause() instanceof DatabaseLocked ->
          later("DatabaseLocked", message);
      case TidewalException.Refused refused -> refused("Refused", message);
      case TidewalException.Corrupt corrupt -> refused("Corrupt", message);
      case TidewalException.NothingToRestore nothing -> refused("NothingToRestore", message);
    }
  }

  /** What the system says names no place when a write fails in mid-file. */
  private String localError(IOException e) {
    String said = String.valueOf(e.getMessage());
    String state =
        config
            .stateDirectory()
            .map(Path::toString)
            .orElse("." + database.getFileName() + "-tidewal beside the database");
    return said.contains("No space left")
        ? said + " for the state in " + state + "; make room, replication goes on by itself"
        : said;
  }

  private void later(String reason, String message) throws InterruptedException {
    if (isStopping()) {
      LOG.log(Level.INFO, "{0}: {1}: {2}", database, reason, message);
      return;
    }
    boolean isNews = !status.shows(reason, message);
    LOG.log(
        isNews ? Level.INFO : Level.DEBUG,
        "{0}: {1}: {2}; trying again in {3}",
        database,
        reason,
        message,
        pause);
    status.is(ReplicationState.STARTING, reason, message);
    boolean ignored = stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    pause =
        pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
  }

  private void refused(String reason, String message) {
    LOG.log(Level.ERROR, "{0}: {1}: {2}", database, reason, message);
    status.is(ReplicationState.REFUSED, reason, message);
  }

  private void fenced(String reason, String message) {
    LOG.log(Level.ERROR, "{0}: {1}: {2}", database, reason, message);
    status.is(ReplicationState.FENCED, reason, message);
  }

  // --- settings ---

  /** A database that we converted once and find in rollback mode again is not converted. */
  private DatabaseSettings databaseSettings(StateDirectory state) {
    DatabaseSettings configured = config.settings(shared.sealListener(database));
    return config.convert() && state.convertedByUs()
        ? configured.withConversion(DatabaseSettings.Conversion.DONE_BEFORE)
        : configured;
  }

  private ReplicationSettings replicationSettings() {
    DestinationConfig first = config.destinations().getFirst();
    return new ReplicationSettings(
        first.syncInterval(),
        first.syncBurst(),
        new Backlog.Limits(config.walLimit().bytes(), shared.spool().totalBytes()),
        shared.shutdownTimeout());
  }
}
