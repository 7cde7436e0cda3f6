package dev.tidewal.replicate;

import dev.tidewal.core.Position;
import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.database.Capture;
import dev.tidewal.database.CopyMemory;
import dev.tidewal.database.DatabaseEvent;
import dev.tidewal.database.LiveDatabase;
import dev.tidewal.database.WalHealth;
import dev.tidewal.state.Dropped;
import dev.tidewal.state.StateDirectory;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Follows one live database and keeps its replica up to date, from the first capture until it is
 * stopped or fenced.
 *
 * <p>{@link #run} is the loop of the one thread that touches the database: it captures, hands the
 * capture to an upload on another thread, tends the WAL meanwhile, and settles what was
 * acknowledged. At most one upload is in flight, so whatever is committed during it is merged into
 * the next capture. All other methods may be called from any thread.
 *
 * <p>Longer than most: what waits has one owner, wherever it is (WAL, memory, spool). What is under
 * way is in {@link Flight}, the care for the WAL in {@link Checkpointing}.
 */
public final class Replicator {
  /** How the loop ended. */
  public sealed interface End {
    /** Asked to stop; {@code complete} when everything committed had become durable. */
    record Stopped(boolean complete) implements End {}

    /** Another owner has the replica. */
    record Fenced(String reason) implements End {}

    /** The database's files changed so that the stream ends; a new one starts with a difference. */
    record StreamEnded(DatabaseEvent event) implements End {}

    /** The start has to be decided anew. */
    record StartOver(String reason) implements End {}
  }

  private static final Logger LOG = System.getLogger(Replicator.class.getName());

  /**
   * Captures up to this size are copied, so that the WAL may be sealed while they are on their way.
   */
  private static final long COPY_PAGES_BYTES = 2L << 20;

  private static final long CAPTURE_WAL_BYTES = 64L << 20;

  /** So long after it was asked to be told of the next change, a commit may become visible. */
  private static final long LATE_COMMIT_NANOS = Duration.ofMinutes(2).toNanos();

  private static final long FIRST_LOOK_NANOS = Duration.ofMillis(2).toNanos();

  /** What comes while a spool file is written fits into memory after so many of them, or never. */
  private static final int SEAL_PASSES = 8;

  private final LiveDatabase database;
  private final StateDirectory state;
  private final Uploader uploader;
  private final Spool spool;
  private final ReplicationSettings settings;
  private final ReplicationProgress progress;
  private final InstantSource clock;
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();

  /** A change was noticed since the last capture; more of them tell nothing new. */
  private final AtomicBoolean noticed = new AtomicBoolean();

  private final SyncRequests syncs = new SyncRequests();
  private final SnapshotRequests snapshots = new SnapshotRequests();
  private final UploadBudget budget;
  private final Flight flight;
  private final Checkpointing checkpointing;

  private Listen listen = () -> {};
  private Gap gap;

  /** Captures that held everything committed until then. */
  private long captures;

  private @Nullable Capture capture;
  private @Nullable Outgoing outgoing;
  private CopyMemory.@Nullable Room copyRoom;
  private long walBytes;
  private boolean dirty = true;

  /** An earlier upload may still arrive: what is sent next has to hold all that it held. */
  private boolean mustCoverEarlier;

  /** The next change will be told. Not while commits follow each other: looks find them anyway. */
  private boolean listening;

  /** When that was asked for. */
  private long listenNanos;

  /** When it was last seen that everything committed had been captured. */
  private Instant nothingNewAt;

  private @Nullable Stop stop;
  private @Nullable End end;
  private volatile @Nullable TidewalException closed;

  private sealed interface Signal {
    record Changed(Instant when) implements Signal {}

    record Uploaded() implements Signal {}

    record Stop(long deadlineNanos) implements Signal {}
  }

  /** Somebody waits for the answer. */
  private sealed interface Request extends Signal {
    CompletableFuture<Position> future();

    record Sync(CompletableFuture<Position> future) implements Request {}

    record Snapshot(CompletableFuture<Position> future) implements Request {}
  }

  private record Stop(long deadlineNanos, CompletableFuture<Position> finalSync) {}

  public Replicator(
      LiveDatabase database,
      StateDirectory state,
      Uploader uploader,
      Gap gap,
      ReplicationSettings settings,
      ReplicationProgress progress,
      InstantSource clock,
      SpoolBudget disk)
      throws IOException {
    this.database = database;
    this.state = state;
    this.uploader = uploader;
    this.gap = gap;
    this.settings = settings;
    this.progress = progress;
    this.clock = clock;
    this.nothingNewAt = clock.instant();
    this.spool = Spool.open(state.spool(), state.scratch(), disk);
    this.budget = new UploadBudget(settings.syncInterval(), settings.burst(), System.nanoTime());
    this.flight = new Flight(state.database().toString(), () -> signals.add(new Signal.Uploaded()));
    this.checkpointing = new Checkpointing(database, state, uploader, settings.limits().walBytes());
  }

  /** Told of each look at the WAL, on the thread of the database. */
  @FunctionalInterface
  public interface HealthListener {
    /**
     * A look at the WAL.
     *
     * @param rewritten not long ago, one batch had nearly all pages of the database
     */
    void tended(WalHealth health, boolean rewritten);
  }

  /** Has {@code listener} told of each look at the WAL; before {@link #run}. */
  public void onHealth(HealthListener listener) {
    checkpointing.listener(listener);
  }

  /** Asks for one call of {@link #changed}, for the next change. */
  @FunctionalInterface
  public interface Listen {
    void again() throws IOException;
  }

  /** The database's files changed: there may be something to capture. */
  public void changed() {
    if (noticed.compareAndSet(false, true)) {
      boolean told = false;
      try {
        signals.add(new Signal.Changed(clock.instant()));
        told = true;
      } finally {
        if (!told) {
          noticed.set(false);
        }
      }
    }
  }

  /** Completes when everything committed before the call is durable. */
  public CompletableFuture<Position> sync() {
    return send(new Request.Sync(new CompletableFuture<>()));
  }

  /**
   * Has every page sent, as a batch and as a snapshot, once nothing older waits; completes when
   * that is durable.
   */
  public CompletableFuture<Position> snapshot() {
    return send(new Request.Snapshot(new CompletableFuture<>()));
  }

  /** Ends the loop after a final sync, which takes at most the shutdown timeout. */
  public void stop() {
    signals.add(new Signal.Stop(System.nanoTime() + settings.shutdownTimeout().toNanos()));
  }

  /**
   * Follows until stopped, fenced, or the stream ends. The caller closes the database afterwards.
   *
   * @param changes is asked to tell of the next change, once, when a look found none: commits that
   *     follow each other wake nobody
   */
  public End run(Listen changes) throws IOException, InterruptedException {
    listen = changes;
    try {
      WalHealth health = tend();
      while (end == null) {
        makeRoom(health);
        startNext();
        health = listenWhenSealed(tend());
        guardBacklog(health);
        publish(health);
        checkStop();
        if (end == null) {
          await(health);
        }
      }
      if (end instanceof End.Stopped(boolean complete) && complete) {
        leave();
      }
      return end;
    } finally {
      try {
        cancelUpload();
      } finally {
        close();
      }
    }
  }

  /** Nobody is left waiting for an answer, whenever they asked. */
  private void close() {
    letGo();
    TidewalException ended = new TidewalException.StoreUnreachable("replication has ended");
    closed = ended;
    for (Signal signal = signals.poll(); signal != null; signal = signals.poll()) {
      if (signal instanceof Request request) {
        request.future().completeExceptionally(ended);
      }
    }
    syncs.fail(ended);
    snapshots.fail(ended);
  }

  /** A request that comes after the end is answered by whoever sends it. */
  private CompletableFuture<Position> send(Request request) {
    signals.add(request);
    TidewalException ended = closed;
    if (ended != null) {
      request.future().completeExceptionally(ended);
    }
    return request.future();
  }

  // What to send

  private void startNext() throws IOException {
    boolean done = stop != null && stop.finalSync().isDone(); // a snapshot may still be asked for
    if (done || !flight.isFree()) {
      return;
    }
    if (!uploader.isConnected()) {
      flight.start(uploader::connect, walBytes);
      return;
    }
    Outgoing next = outgoing == null ? nextOutgoing() : outgoing;
    if (next != null) {
      outgoing = next;
      budget.take(System.nanoTime());
      flight.start(() -> uploader.upload(next), walBytes);
    }
  }

  private @Nullable Outgoing nextOutgoing() throws IOException {
    if (gap != Gap.NONE) {
      boolean all = gap == Gap.FULL || mustCoverEarlier;
      return stream(all ? database.full() : database.difference(uploader.known()));
    }
    Optional<SpoolFile> spooled = spool.oldest();
    if (spooled.isPresent()) {
      return fromSpool(spooled.get());
    }
    if (snapshots.isWanted()) {
      return stream(database.full());
    }
    if (!dirty && listening && syncs.isEmpty()) {
      return null;
    }
    if (syncs.isEmpty() && !budget.untilNext(System.nanoTime()).isZero()) {
      return null;
    }
    return fromWal();
  }

  private @Nullable Outgoing fromWal() throws IOException {
    Optional<Capture> found = look();
    if (found.isEmpty() && !listening) {
      listen();
      found = look(); // for what came before that
    }
    if (found.isEmpty()) {
      if (database.event().isEmpty()) {
        captures++;
        syncs.durable(captures, progress.durable());
        progress.caughtUp();
      }
      return null;
    }
    Capture batch = found.get();
    checkpointing.captured(batch);
    count(batch);
    long bytes = batch.pageCount() * batch.pageSize();
    Optional<CopyMemory.Room> room =
        bytes > COPY_PAGES_BYTES ? Optional.empty() : CopyMemory.OF_CAPTURES.take(bytes);
    if (room.isEmpty()) {
      return stream(batch);
    }
    copyRoom = room.get();
    PageSource copy = PagesInMemory.copyOf(new CapturedSource(batch));
    database.settle(batch);
    return outgoing(batch, copy, Outgoing.Kind.MEMORY);
  }

  private Optional<Capture> look() throws IOException {
    Instant before = clock.instant();
    if (!listening) {
      database.noticed(nothingNewAt);
    }
    dirty = false;
    Optional<Capture> found =
        database.capture(mustCoverEarlier ? Long.MAX_VALUE : CAPTURE_WAL_BYTES);
    if (found.isEmpty() || found.get().isComplete()) {
      nothingNewAt = before;
    }
    return found;
  }

  /** Asks to be told of the next change; what changed before has to be looked for after this. */
  private void listen() throws IOException {
    noticed.set(false);
    listen.again();
    listening = true;
    listenNanos = System.nanoTime();
  }

  /** Only a capture that left nothing out satisfies who waits for all; the rest comes next. */
  private void count(Capture batch) {
    if (batch.isComplete()) {
      captures++;
    } else {
      dirty = true;
    }
  }

  private Outgoing stream(Capture batch) {
    if (batch.kind() == Capture.Kind.FULL) {
      snapshots.begin();
    }
    if (batch.kind() != Capture.Kind.BATCH) {
      captures++;
      nothingNewAt = clock.instant();
      dirty = true; // what is committed while it is read comes next
    }
    capture = batch;
    return outgoing(batch, new CapturedSource(batch), Outgoing.Kind.STREAM);
  }

  private Outgoing outgoing(Capture batch, PageSource source, Outgoing.Kind kind) {
    return new Outgoing(
        source,
        batch.from(),
        batch.to(),
        batch.kind() == Capture.Kind.FULL,
        batch.walBytes(),
        batch.oldestCommit(),
        kind);
  }

  private Outgoing fromSpool(SpoolFile file) {
    return new Outgoing(
        file,
        Optional.empty(),
        Optional.of(file.end()),
        false,
        file.sizeBytes(),
        file.oldestCommit(),
        Outgoing.Kind.SPOOL);
  }

  // What came back

  private void await(WalHealth health) throws IOException, InterruptedException {
    long wait = nanosUntilDue(health);
    Signal signal =
        wait == Long.MAX_VALUE ? signals.take() : signals.poll(wait, TimeUnit.NANOSECONDS);
    while (signal != null) {
      handle(signal);
      signal = signals.poll();
    }
    take(flight.take()); // also when there was no memory to tell of its landing
  }

  private void handle(Signal signal) throws IOException {
    switch (signal) {
      case Signal.Changed(Instant when) -> {
        listening = false;
        dirty = true;
        database.noticed(when);
        progress.waiting(when);
      }
      case Signal.Uploaded() -> take(flight.take());
      case Request.Sync(CompletableFuture<Position> future) -> syncs.add(future, captures + 1);
      case Request.Snapshot(CompletableFuture<Position> future) -> snapshots.want(future);
      case Signal.Stop(long deadline) -> {
        if (stop == null) {
          CompletableFuture<Position> last = new CompletableFuture<>();
          syncs.add(last, captures + 1);
          stop = new Stop(deadline, last);
        }
      }
    }
  }

  private void checkStop() {
    Stop asked = stop;
    if (asked == null || end != null) {
      return;
    }
    if (asked.finalSync().isDone()) {
      end = new End.Stopped(true);
    } else if (System.nanoTime() >= asked.deadlineNanos()) {
      end = new End.Stopped(false);
    }
  }

  private void take(Optional<UploadResult> result) throws IOException {
    if (result.isPresent()) {
      take(result.get());
    }
  }

  private void take(UploadResult result) throws IOException {
    switch (result) {
      case UploadResult.Durable durable -> settled(durable);
      case UploadResult.Connected connected -> connected(connected);
      case UploadResult.EarlierAttempt earlier -> {
        flight.succeeded();
        progress.durable(earlier.position());
        if (capture != null && capture.kind() == Capture.Kind.DIFFERENCE) {
          abandon(); // it differs from what the replica held before that attempt
        }
      }
      case UploadResult.Passed passed -> {
        progress.durable(passed.position()); // no success: what waits is still to be taken
        mustCoverEarlier = true;
        if (capture != null && capture.kind() == Capture.Kind.DIFFERENCE) {
          abandon(); // a page that was changed back meanwhile is not in it
        }
      }
      case UploadResult.Failed failed -> failed(failed.reason());
      case UploadResult.Fenced fenced -> fenced(fenced.reason());
      case UploadResult.StartOver startOver -> end = new End.StartOver(startOver.reason());
    }
  }

  private void connected(UploadResult.Connected connected) throws IOException {
    flight.succeeded();
    progress.durable(connected.position());
    progress.recovered();
    gap = connected.gap().compareTo(gap) > 0 ? connected.gap() : gap;
    if (gap != Gap.NONE) {
      abandon();
      spool.drop(); // the difference holds all of it
    }
  }

  private void settled(UploadResult.Durable durable) throws IOException {
    Outgoing sent = outgoing;
    if (sent == null) { // it was given up: what it held waits again, and more with it
      flight.succeeded();
      progress.durable(durable.position());
      return;
    }
    if (capture != null) {
      database.settle(capture);
      if (capture.kind() == Capture.Kind.FULL) {
        snapshotEnded(durable);
      }
      capture = null;
      if (gap != Gap.NONE) {
        gap = Gap.NONE;
        state.clearDropped();
        state.intentDone();
      }
    }
    if (sent.source() instanceof SpoolFile file) {
      spool.remove(file);
    }
    letGo();
    mustCoverEarlier = false;
    flight.succeeded();
    progress.acknowledged(sent, durable);
    if (spool.isEmpty()) {
      syncs.durable(captures, durable.position());
      if (!dirty) {
        progress.caughtUp();
      }
    }
  }

  private void snapshotEnded(UploadResult.Durable durable) {
    if (durable.snapshot()) {
      snapshots.done(durable.position());
    } else {
      snapshots.failed(
          new TidewalException.StoreUnreachable(
              "every page is durable at "
                  + durable.position().txid()
                  + ", but the snapshot of it could not be stored; ask again"));
    }
  }

  private void failed(Exception reason) {
    flight.failed();
    progress.failed(reason, flight.failures());
    if (outgoing != null && outgoing.kind() == Outgoing.Kind.STREAM) {
      abandon();
    }
  }

  /** What was streamed is captured again, with what came since. */
  private void abandon() {
    if (capture != null) {
      database.abandon(capture);
      capture = null;
      snapshots.abandoned();
    }
    letGo();
    dirty = true;
  }

  private void letGo() {
    outgoing = null;
    if (copyRoom != null) {
      copyRoom.close();
      copyRoom = null;
    }
  }

  /** What was not sent stays on local disk, as far as it goes on from what the replica holds. */
  private void fenced(String reason) throws IOException {
    end = new End.Fenced(reason);
    try {
      spoolRest();
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "{0}: not all of the unsent tail can be kept: {1}",
          state.database(),
          e.getMessage());
    } finally {
      spool.keepIn(state.branches().resolve("unsent-after-" + progress.durable().txid()));
    }
  }

  private void spoolRest() throws IOException {
    Outgoing unsent = outgoing;
    abandon();
    if (unsent != null && unsent.kind() == Outgoing.Kind.MEMORY && unsent.to().isPresent()) {
      spool.addOldest(unsent.source(), unsent.to().get(), unsent.oldestCommit());
    }
    while (gap == Gap.NONE) {
      Optional<Capture> rest = database.capture(Long.MAX_VALUE);
      if (rest.isEmpty()) {
        return;
      }
      spool(rest.get());
    }
  }

  // Where what waits is kept

  /**
   * Uploads that stream from the WAL hold it, one after the other, and it would grow for as long as
   * the application writes. So a large one is sealed in between; what is too much for that is on
   * local disk soon.
   */
  private void makeRoom(WalHealth seen) throws IOException {
    WalHealth health = seen;
    for (int pass = 0; pass < SEAL_PASSES && wantsRoom(health); pass++) {
      if (health.unsettledBytes() > LiveDatabase.SEALABLE_BYTES) {
        if (!spool.backlog(health.unsettledBytes()).fitsSpool(limits())) {
          return;
        }
        spoolOrDrop();
      }
      health = tend();
    }
  }

  /** A transaction that is itself so large goes straight to the store. */
  private boolean wantsRoom(WalHealth health) {
    boolean free = capture == null && gap == Gap.NONE && end == null;
    boolean held =
        health.state() == WalHealth.State.FOLLOWING
            || health.state() == WalHealth.State.HELD_BY_CAPTURE;
    long from = settings.limits().sealFromBytes();
    boolean rest = health.unsettledBytes() < from || !spool.isEmpty();
    return free && held && health.walBytes() >= from && rest;
  }

  private void guardBacklog(WalHealth health) throws IOException {
    boolean readsAll = health.state() == WalHealth.State.HELD_BY_SNAPSHOT;
    boolean held = readsAll || capture != null;
    long waiting = held ? health.walBytes() : health.unsettledBytes();
    if (waiting < settings.limits().spoolFromBytes()) {
      return;
    }
    if (capture != null) {
      boolean whole = gap != Gap.NONE || capture.kind() == Capture.Kind.FULL;
      if (whole && (flight.failures() == 0 || flight.isRecent())) {
        return; // a snapshot or a difference is on its way: the WAL's growth is shown
      }
      if (flight.walGrowthBytes(health.walBytes()) < settings.limits().growthBytes()) {
        return;
      }
      cancelUpload();
      if (end != null) {
        return;
      }
      abandon();
    }
    if (gap != Gap.NONE) {
      skip();
      return;
    }
    switch (spool.backlog(health.unsettledBytes()).decide(limits())) {
      case KEEP_IN_WAL -> {}
      case SPOOL -> spoolOrDrop();
      case MERGE_SPOOL -> mergeSpool();
      case DROP -> drop("WAL and spool are full");
    }
  }

  /** What other databases have spooled is not ours to use. */
  private Backlog.Limits limits() {
    return new Backlog.Limits(settings.limits().walBytes(), spool.limitBytes());
  }

  private void spoolOrDrop() throws IOException {
    Optional<Capture> found = database.capture(Long.MAX_VALUE);
    if (found.isEmpty()) {
      return;
    }
    try {
      spool(found.get());
    } catch (IOException e) {
      database.abandon(found.get());
      drop("the spool can't be written: " + e.getMessage());
    }
  }

  private void spool(Capture batch) throws IOException {
    spool.add(new CapturedSource(batch), batch.to().orElseThrow(), batch.oldestCommit());
    database.settle(batch);
    count(batch);
  }

  private void mergeSpool() throws IOException {
    if (outgoing != null && outgoing.kind() == Outgoing.Kind.SPOOL) {
      cancelUpload();
      outgoing = null;
    }
    try {
      spool.merge();
    } catch (IOException e) {
      drop("the spool can't be merged: " + e.getMessage());
    }
  }

  /** Recorded first, then done; a difference follows when the store is back. */
  private void drop(String why) throws IOException {
    LOG.log(
        Level.WARNING,
        "{0}: {1}; what waits is dropped and sent as a difference later",
        state.database(),
        why);
    state.recordDropped(new Dropped(progress.durable().txid(), clock.instant()));
    cancelUpload();
    abandon();
    spool.drop();
    gap = Gap.DIFFERENCE;
    skip();
  }

  /**
   * A difference reads the database as it will be then: what is in the WAL now need not be kept for
   * it.
   */
  private void skip() throws IOException {
    database.settle(database.full()); // only its WAL is looked at, no page is read
  }

  /** Whatever becomes of the upload is taken, now or when a hanging one ends. */
  private void cancelUpload() throws IOException {
    take(flight.cancel());
  }

  // The WAL

  private WalHealth tend() throws IOException {
    Optional<Txid> quiet = isQuiet() ? Optional.of(progress.durable().txid()) : Optional.empty();
    Instant before = clock.instant();
    WalHealth health = checkpointing.tend(quiet);
    walBytes = health.walBytes();
    notice(health, before);
    Optional<DatabaseEvent> event = database.event();
    if (event.isPresent() && end == null) {
      end = new End.StreamEnded(event.get());
    }
    return health;
  }

  /** What was committed without being told of. */
  private void notice(WalHealth health, Instant before) {
    if (capture != null || gap != Gap.NONE) {
      return;
    }
    if (health.unsettledBytes() == 0) {
      nothingNewAt = before;
    } else if (!dirty) {
      Instant since = listening && !mayBecomeVisible() ? before : nothingNewAt;
      dirty = true;
      database.noticed(since);
      progress.waiting(since);
    }
  }

  /** Nobody looks at a sealed WAL before it is told to, also while an upload takes long. */
  private WalHealth listenWhenSealed(WalHealth health) throws IOException {
    if (listening || health.state() != WalHealth.State.SEALED) {
      return health;
    }
    listen();
    return tend();
  }

  private void leave() throws IOException {
    if (!isQuiet() || !checkpointing.leave()) {
      LOG.log(Level.INFO, "{0}: left with commits that only the WAL has", state.database());
    }
  }

  private boolean isQuiet() {
    return outgoing == null && spool.isEmpty() && gap == Gap.NONE && !flight.isUnderWay();
  }

  private long nanosUntilDue(WalHealth health) {
    long now = System.nanoTime();
    long due = health.comeBack().map(Duration::toNanos).orElse(Long.MAX_VALUE);
    if (stop != null) {
      due = Math.min(due, Math.max(0, stop.deadlineNanos() - now));
    }
    if (flight.isUnderWay()) {
      return Math.min(due, Flight.PATIENCE.toNanos());
    }
    boolean waiting =
        outgoing != null
            || !spool.isEmpty()
            || gap != Gap.NONE
            || dirty
            || !listening
            || !syncs.isEmpty()
            || snapshots.isWanted();
    if (listening && mayBecomeVisible()) {
      due = Math.min(due, Math.max(FIRST_LOOK_NANOS, now - listenNanos));
    }
    if (waiting) {
      long paced = syncs.isEmpty() && outgoing == null ? budget.untilNext(now).toNanos() : 0;
      due = Math.min(due, Math.max(flight.nanosUntilRetry(), paced));
    }
    return due;
  }

  /**
   * Frames are noticed when they are written, but they are committed when they were synced and then
   * published in the shared index, and neither of these is an event. What was written before we
   * asked for events is looked for after 2 ms, 4 ms, 8 ms and so on: a slow sync delays a commit to
   * at most twice its time, and an idle database comes to rest. Source: walFrames in wal.c.
   */
  private boolean mayBecomeVisible() {
    return System.nanoTime() - listenNanos < LATE_COMMIT_NANOS;
  }

  private void publish(WalHealth health) {
    progress.sizes(
        health.walBytes(),
        spool.sizeBytes(),
        health.unsettledBytes() + spool.sizeBytes() + (outgoing == null ? 0 : outgoing.walBytes()),
        health.state() == WalHealth.State.SEALED);
  }
}
