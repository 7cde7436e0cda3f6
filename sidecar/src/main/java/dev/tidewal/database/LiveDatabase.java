package dev.tidewal.database;

import dev.tidewal.core.TidewalException;
import dev.tidewal.database.Continuity.Recorded;
import dev.tidewal.state.FileStamp;
import dev.tidewal.wal.WalHeader;
import dev.tidewal.wal.WalPoint;
import dev.tidewal.wal.WalScan;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A SQLite database that is followed beside the application that uses it.
 *
 * <p>{@link #capture} yields what was committed, {@link #settle} says that it is safe elsewhere,
 * and {@link #tend} moves the pin and seals the WAL as far as everything is settled. What happens
 * to the files is reported by {@link #event}; after one, this object yields nothing more. Nothing
 * is ever written into the database, except its conversion to WAL mode.
 *
 * <p>One thread at a time, but a capture may be read by another. At most one capture is
 * outstanding. Closing leaves the WAL as it is.
 *
 * <p>Longer than most: the states of a stream (settled, in memory, outstanding) have one owner.
 */
public final class LiveDatabase implements Closeable {
  /** A WAL with at most so much that is not settled can be sealed at any time. */
  public static final long SEALABLE_BYTES = Tail.MAX_BYTES;

  private static final byte[] NO_PAGES = new byte[0];
  private static final int LEAVE_ATTEMPTS = 10;
  private static final long LEAVE_PAUSE_MILLIS = 20;
  private static final Duration READER_IS_LONG = Duration.ofSeconds(1);

  private final Path path;

  /** The same without symbolic links, as it was when it was opened. */
  private final Path real;

  private final DatabaseSettings settings;
  private final DatabaseFile file;
  private final WalFile walFile;

  /** The {@code -shm} file that our connections share with the application. */
  private final Optional<Object> index;

  private final PinnedWal wal;
  private final int pageSize;
  private final boolean converted;
  private final Continuity continuity;

  /** Up to where everything is safe elsewhere; null before there is such a place. */
  private @Nullable Base settled;

  /** What lies behind it in memory only, since its frames may be gone. */
  private @Nullable Tail tail;

  private CopyMemory.@Nullable Room tailRoom;

  /** What lies behind it in the database file only, since its frames may be gone. */
  private @Nullable Outstanding catchUp;

  private @Nullable Outstanding outstanding;
  private @Nullable DatabaseEvent event;
  private @Nullable Instant noticed;

  private LiveDatabase(
      Path path, Path real, DatabaseSettings settings, DatabaseFile file, Opening opening) {
    this.path = path;
    this.real = real;
    this.settings = settings;
    this.file = file;
    this.walFile = opening.walFile();
    this.index = opening.index();
    this.wal = opening.wal();
    this.pageSize = opening.pageSize();
    this.converted = opening.converted();
    this.continuity = opening.continuity();
    this.settled = opening.settled();
    this.catchUp = opening.catchUp();
  }

  /**
   * Pins a database and finds out whether it can be followed on from where an earlier process
   * ended. From here on the pin is there until {@link #close}.
   *
   * @throws TidewalException.NotFound when there is no file, or an empty one: wait for it
   * @throws TidewalException.Refused when it is not a database that can be followed, or locked
   * @throws TidewalException.PermissionDenied when it can't be read and written
   * @throws TidewalException.Corrupt when SQLite finds it damaged
   */
  public static LiveDatabase open(Path path, DatabaseSettings settings, Recorded recorded)
      throws IOException {
    switch (DatabaseLook.at(path)) {
      case DatabaseLook.Missing() -> throw new TidewalException.NotFound(path + " does not exist");
      case DatabaseLook.Empty() -> throw new TidewalException.NotFound(path + " is still empty");
      case DatabaseLook.Database _ -> {}
    }
    Path real = path.toRealPath(); // beside this one SQLite keeps -wal and -shm
    DatabaseFile file = DatabaseFile.open(real);
    try {
      return new LiveDatabase(
          path, real, settings, file, Opening.of(real, settings, recorded, file));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw OpenFailure.named(path, e);
    } catch (Error e) {
      file.close();
      throw e;
    }
  }

  /**
   * Finds out whether a database, if there is one, can be read and written, before anything is done
   * about it elsewhere. Leaves it as it is.
   *
   * @throws TidewalException as {@link #open} does
   */
  public static void requireAccess(Path path) throws IOException {
    if (DatabaseLook.at(path) instanceof DatabaseLook.Database) {
      try (DatabaseFile _ = DatabaseFile.open(path)) {
        Pins.open(path).close();
      } catch (IOException e) {
        throw OpenFailure.named(path, e);
      }
    }
  }

  /** What is known about the commits between the recorded position and now. */
  public Continuity continuity() {
    return continuity;
  }

  /** Whether opening switched the database to WAL mode. */
  public boolean wasConverted() {
    return converted;
  }

  /** Bytes a page. */
  public int pageSize() {
    return pageSize;
  }

  /** What ended the stream, if something did. */
  public Optional<DatabaseEvent> event() {
    return Optional.ofNullable(event);
  }

  /** Says when a commit was noticed, for the lag of the next capture. */
  public void noticed(Instant when) {
    if (noticed == null) {
      noticed = when;
    }
  }

  /**
   * What was committed since the last settled capture; empty when nothing was, or when the stream
   * ended, which {@link #event} tells apart.
   *
   * @param maxWalBytes ends at the first commit that is so far, so one transaction always fits
   */
  public Optional<Capture> capture(long maxWalBytes) throws IOException {
    requireNothingOutstanding();
    Base base = settled;
    if (base == null) {
      throw new IllegalStateException(path + ": needs full() or difference() first");
    }
    if (catchUp != null) {
      outstanding = catchUp.again();
      return Optional.of(outstanding.capture());
    }
    Optional<WalStatus> status = status();
    if (status.isEmpty()) {
      return Optional.empty();
    }
    Tail before = tail;
    Batch batch = new Batch(walFile, pageSize, base.commit());
    if (before != null) {
      batch.add(before);
    }
    long budget = maxWalBytes - batch.walBytes();
    Optional<Uncaptured> more = budget > 0 ? uncaptured(status.get()) : Optional.empty();
    WalPlace now = status.get().place();
    if (more.isEmpty() && before != null) {
      return Optional.of(hand(base, batch, before.end(), now));
    }
    if (more.isEmpty()) {
      noticed = null; // it was no commit
      return Optional.empty();
    }
    Optional<Base> end = gather(batch, more.get(), budget);
    if (end.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(hand(base, batch, end.get(), now));
  }

  /** Every page of what is committed now, whatever was captured before. */
  public Capture full() throws IOException {
    return whole(Capture.Kind.FULL, null);
  }

  /** The pages of what is committed now that differ from what is known. Reads the database once. */
  public Capture difference(KnownPages known) throws IOException {
    return whole(Capture.Kind.DIFFERENCE, known);
  }

  /** The content of the capture is safe elsewhere, or recorded as dropped: the pin may move on. */
  public void settle(Capture capture) {
    settled = end(capture).next();
    catchUp = null;
    keep(null, null);
  }

  /** Nothing happened: the next capture starts at the same place and holds more. */
  public void abandon(Capture capture) {
    noticed = end(capture).capture().oldestCommit();
  }

  /**
   * An object that turned out to be ours holds everything up to exactly this point.
   *
   * @return false when the point is not between what is settled and what is committed: only a
   *     difference helps then
   */
  public boolean settleAt(WalPoint point) throws IOException {
    requireNothingOutstanding();
    Optional<Base> base = baseAt(point);
    base.ifPresent(reached -> {
      settled = reached;
      catchUp = null;
      keep(null, null);
    });
    return base.isPresent();
  }

  /** Moves the pin or seals the WAL when that is allowed and worth it. */
  public WalHealth tend() throws IOException {
    Outstanding held = outstanding;
    Optional<WalStatus> looked = status();
    if (looked.isEmpty()) {
      return health(WalHealth.State.ENDED, null, Optional.empty());
    }
    WalStatus status = looked.get();
    Base base = settled;
    if (base == null || held != null || catchUp != null) {
      boolean batch = base != null && (held == null || held.capture().kind() == Capture.Kind.BATCH);
      WalHealth.State state =
          batch ? WalHealth.State.HELD_BY_CAPTURE : WalHealth.State.HELD_BY_SNAPSHOT;
      return health(state, status, Optional.of(settings.followEvery()));
    }
    SealDecision decision = SealDecision.decide(view(base, status), settings);
    return switch (decision) {
      case SealDecision.Rest() -> rest(base, status);
      case SealDecision.Wait(Duration atMost) -> following(base, status, atMost);
      case SealDecision.Move() -> following(base, wal.move(status), settings.followEvery());
      case SealDecision.Copy() -> {
        wal.move(status);
        yield following(base, wal.copy(), settings.followEvery());
      }
      case SealDecision.Seal() -> following(base, wal.seal(status), settings.followEvery());
      case SealDecision.SealUnderLoad() ->
          following(base, wal.sealUnderLoad(this::takeIntoMemory), settings.followEvery());
    };
  }

  /**
   * Gets ready for a close with nothing left to send: brings everything into the database file, and
   * cuts a WAL file that is too large, as far as nobody is in the way.
   *
   * @param maxWalFileBytes how large a WAL file may be left behind
   * @return the stamp of the database file when it holds everything that is settled, and nothing
   *     more was committed at that moment; see {@link Continuity.Untouched}
   */
  public Optional<FileStamp> leave(long maxWalFileBytes) throws IOException {
    for (int attempt = 0; attempt < LEAVE_ATTEMPTS; attempt++) {
      Optional<WalStatus> status = status();
      Base base = settled;
      boolean more = outstanding != null || catchUp != null || tail != null;
      if (status.isEmpty() || base == null || more) {
        return Optional.empty();
      }
      if (!base.place().isAtLeast(status.get().place())) {
        return Optional.empty();
      }
      Optional<FileStamp> stamp = leaveSealed(status.get(), maxWalFileBytes);
      if (stamp.isPresent()) {
        return stamp;
      }
      Pause.millis(LEAVE_PAUSE_MILLIS);
    }
    return Optional.empty();
  }

  private Optional<FileStamp> leaveSealed(WalStatus seen, long maxWalFileBytes) throws IOException {
    WalStatus status = wal.isSealed(seen) ? seen : wal.seal(seen);
    if (!wal.isSealed(status)) {
      return Optional.empty();
    }
    if (walFile.sizeBytes() > maxWalFileBytes) {
      wal.truncate();
    }
    // As long as our pin is on mark 0 nobody copies anything into the database file.
    Optional<FileStamp> stamp = FileStamp.of(real);
    Pause.millis(FileStamp.SETTLE_MILLIS);
    return stamp.equals(FileStamp.of(real)) ? stamp : Optional.empty();
  }

  private SealDecision.View view(Base base, WalStatus status) {
    return new SealDecision.View(
        reached(base).place().isAtLeast(wal.pinned()),
        base.place().isAtLeast(status.place()),
        wal.isSealed(status),
        wal.isBehind(status),
        status.isBackfilled(),
        status.walBytes(),
        (status.frames() - status.backfilled()) * status.frameBytes(),
        uncaptured(status).map(Uncaptured::bytes).orElse(0L),
        wal.sinceCommit(),
        wal.sinceMove(),
        wal.mayAttempt());
  }

  private WalHealth rest(Base base, WalStatus status) throws IOException {
    if (!wal.rest(status)) {
      return following(base, wal.look(), settings.followEvery());
    }
    walFile.rest();
    return health(WalHealth.State.SEALED, status, Optional.empty());
  }

  private WalHealth following(Base base, WalStatus status, Duration comeBack) throws IOException {
    if (wal.isSealed(status)) {
      return health(WalHealth.State.SEALED, status, Optional.of(comeBack));
    }
    if (wal.heldByReader().compareTo(READER_IS_LONG) >= 0) {
      return health(WalHealth.State.HELD_BY_READER, status, Optional.of(comeBack));
    }
    boolean captured = reached(base).place().isAtLeast(wal.pinned());
    WalHealth.State state = captured ? WalHealth.State.FOLLOWING : WalHealth.State.HELD_BY_CAPTURE;
    return health(state, status, Optional.of(comeBack));
  }

  private WalHealth health(
      WalHealth.State state, @Nullable WalStatus status, Optional<Duration> comeBack)
      throws IOException {
    long unsettled = 0;
    boolean backfilled = false;
    Base base = settled;
    if (status != null && base != null) {
      boolean sameGeneration = base.place().generation() == status.place().generation();
      long done = sameGeneration ? base.place().frames() : 0;
      unsettled = Math.max(0, status.frames() - done) * status.frameBytes();
      backfilled = tail == null && (status.isBackfilled() || status.backfilled() >= done);
    }
    long inUse = status == null ? 0 : status.walBytes();
    return new WalHealth(
        state, inUse, walFile.sizeBytes(), unsettled, backfilled, wal.heldByReader(), comeBack);
  }

  @Override
  public void close() throws IOException {
    try (file;
        walFile;
        wal) {
      if (outstanding != null) {
        outstanding.capture().end(); // an upload that nobody waits for may still read it
        outstanding = null;
      }
      keep(null, null);
    }
  }

  /** Looks at files and WAL; empty when the stream has ended. */
  private Optional<WalStatus> status() throws IOException {
    if (event == null) {
      event = lookForEvent();
    }
    if (event != null) {
      return Optional.empty();
    }
    WalStatus status = wal.look();
    WalHeader header = status.header();
    Base base = settled;
    if (header != null && header.pageSize() != pageSize) {
      event = new DatabaseEvent.WalReplaced();
      return Optional.empty();
    }
    if (base != null && catchUp == null && isTorn(reached(base).place(), status.place())) {
      event = new DatabaseEvent.ContinuityLost("the WAL was restarted before it was captured");
      return Optional.empty();
    }
    return Optional.of(status);
  }

  /** The WAL was restarted although frames of the time before were not captured. */
  private boolean isTorn(WalPlace reached, WalPlace now) {
    boolean restarted = reached.generation() < now.generation();
    return restarted && !reached.isAtLeast(wal.endOfPrevious());
  }

  private @Nullable DatabaseEvent lookForEvent() throws IOException {
    try {
      if (!DatabaseFile.key(path).equals(file.key())) {
        return new DatabaseEvent.Replaced();
      }
    } catch (NoSuchFileException e) {
      return new DatabaseEvent.Deleted();
    }
    if (walFile.isReplaced()) {
      return new DatabaseEvent.WalReplaced();
    }
    // While there is none, everybody still shares the one that was deleted; a new start would
    // create another one, for us alone.
    Optional<Object> indexNow = DatabaseFile.keyOfIndex(real);
    if (indexNow.isPresent() && !indexNow.equals(index)) {
      return new DatabaseEvent.IndexReplaced();
    }
    // Somebody may have copied another file over this one; these bytes never change otherwise.
    DatabaseHeader header = DatabaseHeader.read(file.head(DatabaseHeader.SIZE)).orElse(null);
    if (header == null || !header.wal()) {
      return new DatabaseEvent.NotWal();
    }
    return header.pageSize() == pageSize
        ? null
        : new DatabaseEvent.PageSizeChanged(pageSize, header.pageSize());
  }

  private Base reached(Base base) {
    return tail == null ? base : tail.end();
  }

  /** The committed frames that are neither settled nor in memory. */
  private Optional<Uncaptured> uncaptured(WalStatus status) {
    WalHeader header = status.header();
    Base base = settled;
    if (base == null || header == null) {
      return Optional.empty();
    }
    Base reached = reached(base);
    boolean sameGeneration = reached.place().generation() == status.place().generation();
    long frames = status.frames() - (sameGeneration ? reached.place().frames() : 0);
    if (frames <= 0) {
      return Optional.empty();
    }
    WalPoint from = sameGeneration ? reached.point().orElseGet(header::start) : header.start();
    long generation = status.place().generation();
    return Optional.of(new Uncaptured(header, generation, from, frames * header.frameBytes()));
  }

  /** Reads frames into a batch; empty when the stream ended by that. */
  private Optional<Base> gather(Batch batch, Uncaptured range, long budget) throws IOException {
    WalScan scan = batch.scan(range.header, range.from, Math.min(budget, range.bytes));
    if (scan.stop() != WalScan.Stop.BUDGET) {
      event = new DatabaseEvent.WalDamaged(scan.end().offset());
      return Optional.empty();
    }
    batch.finish();
    batch.addHoles(range.header, range.from);
    long frames = FrameCollector.frameIndex(range.header, scan.end().offset());
    WalPlace place = new WalPlace(range.generation, frames);
    return Optional.of(new Base(place, Optional.of(scan.end()), batch.commit()));
  }

  /** Copies what is committed and not settled into memory, if it fits. */
  private boolean takeIntoMemory(WalStatus status) throws IOException {
    Base base = settled;
    Optional<Uncaptured> more = uncaptured(status);
    if (base == null || more.isEmpty()) {
      return base != null;
    }
    Tail before = tail;
    long inMemory = before == null ? 0 : before.pages().length;
    if (inMemory + more.get().bytes > Tail.MAX_BYTES) {
      return false;
    }
    Optional<CopyMemory.Room> room =
        CopyMemory.OF_TAILS.take(inMemory + more.get().bytes); // both, while one becomes the other
    if (room.isEmpty()) {
      return false;
    }
    boolean taken = false;
    try {
      Batch batch = new Batch(walFile, pageSize, base.commit());
      if (before != null) {
        batch.add(before);
      }
      Optional<Base> end = gather(batch, more.get(), Long.MAX_VALUE);
      if (end.isPresent()) {
        byte[] older = before == null ? NO_PAGES : before.pages();
        keep(Tail.of(batch, older, pageSize, walFile, file, end.get()), room.get());
        taken = true;
      }
      return taken;
    } finally {
      if (!taken) {
        room.get().close();
      }
    }
  }

  private void keep(@Nullable Tail next, CopyMemory.@Nullable Room room) {
    if (tailRoom != null) {
      tailRoom.close();
    }
    tail = next;
    tailRoom = room;
  }

  private Capture hand(Base base, Batch batch, Base end, WalPlace now) {
    byte[] memory = tail == null ? NO_PAGES : tail.pages();
    Capture capture =
        new Capture(
            Capture.Kind.BATCH,
            base.point(),
            end.point(),
            pageSize,
            batch.commit(),
            batch.smallestCommit(),
            batch.walBytes(),
            oldestCommit(),
            end.place().isAtLeast(now),
            new MappedPages(batch.finish(), pageSize, walFile, file, memory));
    outstanding = new Outstanding(capture, end);
    return capture;
  }

  private Capture whole(Capture.Kind kind, @Nullable KnownPages known) throws IOException {
    requireNothingOutstanding();
    Snapshot snapshot = snapshot();
    Base base = snapshot.base();
    WholeDatabase pages =
        WholeDatabase.all(base.commit(), pageSize, snapshot.overlay(), walFile, file);
    Capture capture =
        new Capture(
            kind,
            Optional.empty(),
            base.point(),
            pageSize,
            base.commit(),
            base.commit(),
            0,
            oldestCommit(),
            true,
            known == null ? pages : pages.differing(known));
    outstanding = new Outstanding(capture, base);
    return capture;
  }

  /**
   * The committed state of now, and which of its pages are in the WAL. If all is in the database
   * file, the WAL may be restarted at any moment and is not needed; see {@link
   * WalStatus#isBackfilled}. If not, it can't be restarted beneath the pin.
   */
  private Snapshot snapshot() throws IOException {
    while (true) {
      WalStatus status = status().orElseThrow(() -> new StreamEnded(path));
      WalHeader header = status.header();
      if (header == null || status.frames() == 0) {
        WalPlace place = wal.seen().isAtLeast(status.place()) ? wal.seen() : status.place();
        Base base = new Base(place, Optional.empty(), file.pages(pageSize));
        return new Snapshot(base, new PageMap());
      }
      PageMap overlay = new PageMap();
      FrameCollector collector = new FrameCollector(overlay, header);
      long bytes = status.frames() * header.frameBytes();
      WalScan scan = walFile.scan(header, header.start(), bytes, collector);
      if (!walFile.header().equals(Optional.of(header))) {
        continue;
      }
      if (scan.stop() != WalScan.Stop.BUDGET) {
        event = new DatabaseEvent.WalDamaged(scan.end().offset());
        throw new StreamEnded(path);
      }
      overlay.finish();
      overlay.truncate(scan.commitPages());
      Base base = new Base(status.place(), Optional.of(scan.end()), scan.commitPages());
      return new Snapshot(base, status.isBackfilled() ? new PageMap() : overlay);
    }
  }

  private Optional<Base> baseAt(WalPoint point) throws IOException {
    Base base = settled;
    Optional<WalStatus> status = status();
    if (base == null || status.isEmpty()) {
      return Optional.empty();
    }
    if (base.point().equals(Optional.of(point))) {
      return Optional.of(base);
    }
    if (catchUp != null) {
      return Optional.of(catchUp.next()).filter(b -> b.point().equals(Optional.of(point)));
    }
    if (tail != null && tail.end().point().equals(Optional.of(point))) {
      return Optional.of(tail.end());
    }
    Optional<Uncaptured> more = uncaptured(status.get());
    if (more.isEmpty() || !more.get().contains(point)) {
      return Optional.empty();
    }
    Batch skipped = new Batch(walFile, pageSize, base.commit());
    Uncaptured range = more.get();
    Optional<Base> end = gather(skipped, range, point.offset() - range.from.offset());
    return end.filter(reached -> reached.point().equals(Optional.of(point)));
  }

  private Instant oldestCommit() {
    Instant oldest = noticed == null ? Instant.now() : noticed;
    noticed = null;
    return oldest;
  }

  private Outstanding end(Capture capture) {
    Outstanding ended = outstanding;
    if (ended == null || ended.capture() != capture) {
      throw new IllegalStateException(path + ": not the outstanding capture: " + capture);
    }
    outstanding = null;
    capture.end();
    return ended;
  }

  private void requireNothingOutstanding() {
    if (outstanding != null) {
      throw new IllegalStateException(path + ": a capture is outstanding");
    }
  }

  private record Snapshot(Base base, PageMap overlay) {}

  /** Frames from a point on, in bytes. */
  private record Uncaptured(WalHeader header, long generation, WalPoint from, long bytes) {
    boolean contains(WalPoint point) {
      long ahead = point.offset() - from.offset();
      return from.hasSaltsOf(point) && ahead > 0 && ahead <= bytes;
    }
  }
}
