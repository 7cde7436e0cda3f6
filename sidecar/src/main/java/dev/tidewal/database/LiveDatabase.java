package dev.tidewal.database;

import dev.tidewal.core.TidewalException;
import dev.tidewal.database.Continuity.Found;
import dev.tidewal.database.Continuity.Recorded;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.wal.WalHeader;
import dev.tidewal.wal.WalPoint;
import dev.tidewal.wal.WalScan;
import dev.tidewal.wal.WalScanner;
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
 * <p>One thread at a time. At most one capture is outstanding. Closing leaves the WAL as it is.
 */
public final class LiveDatabase implements Closeable {
  private static final byte[] NO_MEMORY = new byte[0];

  private final Path path;
  private final DatabaseSettings settings;
  private final DatabaseFile file;
  private final WalFile wal;
  private final Pins pins;
  private final WalWatch watch;
  private final int pageSize;
  private final boolean converted;
  private Continuity continuity;

  /** Up to where everything is safe elsewhere; null before there is such a place. */
  private @Nullable Base settled;

  private @Nullable Outstanding outstanding;

  /** Frames that were already in the database file when we came; captured first, from there. */
  private @Nullable CatchUp catchUp;

  /** No frame behind this place was committed when the pin was opened. */
  private WalPlace pinned;

  /** The last place at which frames were seen. */
  private WalPlace seen;

  /** Where the pin is known to be on mark 0. */
  private @Nullable WalPlace sealed;

  private @Nullable DatabaseEvent event;
  private @Nullable Instant noticed;
  private long lastCommitNanos = System.nanoTime();
  private long lastMoveNanos = System.nanoTime();

  private LiveDatabase(Path path, DatabaseSettings settings, Recorded recorded, DatabaseFile file)
      throws IOException {
    this.path = path;
    this.settings = settings;
    this.file = file;
    this.converted = new WalMode(path).ensure(file, settings.conversion());
    this.pageSize = DatabaseHeader.read(file.head(DatabaseHeader.SIZE)).orElseThrow().pageSize();
    this.wal = new WalFile(path);
    this.pins = Pins.open(path);
    try {
      this.watch = new WalWatch(wal, pins);
      this.seen = WalPlace.NONE;
      WalStatus found = found();
      this.pinned = found.place();
      this.seen = found.place();
      this.continuity = Continuity.judge(recorded, look(recorded, found));
      if (continuity instanceof Continuity.Proven proven) {
        resume(proven.point(), recorded.commit(), found);
      }
    } catch (IOException | RuntimeException e) {
      pins.close();
      wal.close();
      throw e;
    }
  }

  /**
   * Pins a database and finds out whether it can be followed on from where an earlier process
   * ended. From here on the pin is there until {@link #close}.
   *
   * @throws TidewalException.NotFound when there is no file, or an empty one: wait for it
   * @throws TidewalException.Refused when it is not a database that can be followed
   * @throws TidewalException.PermissionDenied when it can't be read and written
   * @throws IOException when SQLite can't open it, for example because it is locked
   */
  public static LiveDatabase open(Path path, DatabaseSettings settings, Recorded recorded)
      throws IOException {
    switch (DatabaseLook.at(path)) {
      case DatabaseLook.Missing() -> throw new TidewalException.NotFound(path + " does not exist");
      case DatabaseLook.Empty() -> throw new TidewalException.NotFound(path + " is still empty");
      case DatabaseLook.Database _ -> {}
    }
    DatabaseFile file = DatabaseFile.open(path);
    try {
      return new LiveDatabase(path, settings, recorded, file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** What is known about the frames between the recorded position and now. */
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
   * ended.
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
      return Optional.of(hand(catchUp.capture(), catchUp.base()));
    }
    Optional<WalStatus> status = status();
    if (status.isEmpty()) {
      return Optional.empty();
    }
    WalHeader header = status.get().header();
    boolean sameGeneration = base.place().generation() == status.get().place().generation();
    WalPlace start = sameGeneration ? base.place() : status.get().place().start();
    long frames = status.get().frames() - start.frames();
    if (header == null || frames <= 0) {
      return Optional.empty();
    }
    WalPoint from = sameGeneration ? base.point().orElseGet(header::start) : header.start();
    PageMap map = new PageMap();
    FrameCollector collector = new FrameCollector(map, header);
    long toEnd = frames * header.frameBytes();
    WalScan scan = wal.scanner(header).scan(from, Math.min(maxWalBytes, toEnd), collector);
    if (scan.stop() != WalScan.Stop.BUDGET) {
      event = new DatabaseEvent.WalDamaged(scan.end().offset());
      return Optional.empty();
    }
    map.finish();
    long smallest = Math.min(base.commit(), collector.smallestCommit());
    long commit = scan.commitPages();
    map.truncate(commit);
    map.remove(LtxHeader.lockPage(pageSize));
    addHoles(map, smallest, commit, from, header);
    Base next =
        new Base(
            new WalPlace(
                status.get().place().generation(),
                FrameCollector.frameIndex(header, scan.end().offset())),
            Optional.of(scan.end()),
            commit);
    Capture capture =
        new Capture(
            Capture.Kind.BATCH,
            base.point(),
            next.point(),
            pageSize,
            commit,
            smallest,
            scan.end().offset() - from.offset(),
            oldestCommit(),
            new MappedPages(map, pageSize, wal, file, NO_MEMORY));
    return Optional.of(hand(capture, next));
  }

  /** Every page of what is committed now, whatever was captured before. */
  public Capture full() throws IOException {
    return whole(Capture.Kind.FULL, null);
  }

  /** The pages of what is committed now that differ from what is known. Reads the database once. */
  public Capture difference(KnownPages known) throws IOException {
    return whole(Capture.Kind.DIFFERENCE, known);
  }

  private Capture whole(Capture.Kind kind, @Nullable KnownPages known) throws IOException {
    requireNothingOutstanding();
    Snapshot snapshot = snapshot();
    WholeDatabase pages =
        WholeDatabase.all(snapshot.base.commit(), pageSize, snapshot.overlay, wal, file);
    Capture capture =
        new Capture(
            kind,
            Optional.empty(),
            snapshot.base.point(),
            pageSize,
            snapshot.base.commit(),
            snapshot.base.commit(),
            0,
            oldestCommit(),
            known == null ? pages : pages.differing(known));
    return hand(capture, snapshot.base);
  }

  /** The content of the capture is safe elsewhere, or recorded as dropped: the pin may move on. */
  public void settle(Capture capture) {
    Outstanding ended = end(capture);
    settled = ended.next;
    catchUp = null;
  }

  /** Nothing happened: the next capture starts at the same place and holds more. */
  public void abandon(Capture capture) {
    Outstanding ended = end(capture);
    noticed = ended.capture.oldestCommit();
  }

  /**
   * An object that turned out to be ours holds everything up to exactly this point.
   *
   * @return false when the point is not in the WAL between what is settled and what is committed:
   *     only a difference helps then
   */
  public boolean settleAt(WalPoint point) throws IOException {
    requireNothingOutstanding();
    Base base = settled;
    Optional<WalStatus> status = status();
    if (base == null || status.isEmpty() || status.get().header() == null) {
      return false;
    }
    if (catchUp != null && catchUp.base().point().equals(Optional.of(point))) {
      settled = catchUp.base();
      catchUp = null;
      return true;
    }
    WalHeader header = status.get().header();
    boolean sameGeneration = base.place().generation() == status.get().place().generation();
    WalPoint from = sameGeneration ? base.point().orElseGet(header::start) : header.start();
    long bytes = point.offset() - from.offset();
    if (!from.hasSaltsOf(point) || bytes < 0 || catchUp != null) {
      return false;
    }
    if (point.equals(from)) {
      return true;
    }
    WalScan scan = wal.scanner(header).scan(from, bytes, new FrameCollector(new PageMap(), header));
    long frames = FrameCollector.frameIndex(header, point.offset());
    if (!scan.end().equals(point) || frames > status.get().frames()) {
      return false;
    }
    WalPlace place = new WalPlace(status.get().place().generation(), frames);
    settled = new Base(place, Optional.of(point), scan.commitPages());
    return true;
  }

  /** Moves the pin or seals the WAL when that is allowed and worth it. */
  public WalHealth tend() throws IOException {
    Outstanding held = outstanding;
    if (event != null) {
      return health(WalHealth.State.ENDED, null, Optional.empty());
    }
    if (held != null || settled == null || catchUp != null) {
      boolean batch = held == null || held.capture.kind() == Capture.Kind.BATCH;
      return health(
          batch ? WalHealth.State.HELD_BY_CAPTURE : WalHealth.State.HELD_BY_SNAPSHOT,
          null,
          Optional.of(settings.followEvery()));
    }
    return tend(settled);
  }

  private WalHealth tend(Base base) throws IOException {
    Optional<WalStatus> looked = status();
    if (looked.isEmpty()) {
      return health(WalHealth.State.ENDED, null, Optional.empty());
    }
    WalStatus status = looked.get();
    switch (SealDecision.decide(view(base, status), settings)) {
      case SealDecision.Rest() -> {
        return rest(base, status);
      }
      case SealDecision.Wait(Duration atMost) -> {
        return following(base, status, atMost);
      }
      case SealDecision.Move() -> status = move(status);
      case SealDecision.Seal() -> status = seal(status);
      case SealDecision.SealUnderLoad() -> status = seal(status);
    }
    return following(base, status, settings.followEvery());
  }

  private SealDecision.View view(Base base, WalStatus status) {
    long now = System.nanoTime();
    return new SealDecision.View(
        base.place().isAtLeast(pinned),
        base.place().isAtLeast(status.place()),
        isSealed(status),
        !pinned.isAtLeast(status.place()),
        status.isBackfilled(),
        status.walBytes(),
        Duration.ofNanos(now - lastCommitNanos),
        Duration.ofNanos(now - lastMoveNanos));
  }

  private boolean isSealed(WalStatus status) {
    return status.place().equals(sealed) && status.isBackfilled();
  }

  private WalHealth rest(Base base, WalStatus status) throws IOException {
    WalStatus now = pins.isOnResting() ? status : move(status);
    if (!isSealed(now)) {
      return following(base, now, settings.followEvery());
    }
    pins.rest();
    return health(WalHealth.State.SEALED, now, Optional.empty());
  }

  private WalHealth following(Base base, WalStatus status, Duration comeBack) throws IOException {
    if (isSealed(status)) {
      return health(WalHealth.State.SEALED, status, Optional.of(comeBack));
    }
    boolean captured = base.place().isAtLeast(pinned);
    WalHealth.State state = captured ? WalHealth.State.FOLLOWING : WalHealth.State.HELD_BY_CAPTURE;
    return health(state, status, Optional.of(comeBack));
  }

  /**
   * Pins what is committed now. If all of it was in the database file before and nothing changed
   * meanwhile, the pin is on mark 0: only then does a reader get it, and only then can't it get
   * another one.
   */
  private WalStatus move(WalStatus before) throws IOException {
    pins.move();
    lastMoveNanos = System.nanoTime();
    WalStatus after = watch.look();
    pinned = after.place();
    noteSeen(after);
    boolean unchanged = before.place().equals(after.place());
    sealed = unchanged && before.isBackfilled() && after.isBackfilled() ? after.place() : null;
    return after;
  }

  /** The lock-free seal: the pin is at the end first, then all may be copied, then it moves on. */
  private WalStatus seal(WalStatus status) throws IOException {
    long start = System.nanoTime();
    WalStatus pinnedAt = pinned.isAtLeast(status.place()) ? status : move(status);
    if (!pinnedAt.place().equals(status.place())) {
      return pinnedAt;
    }
    pins.copy();
    WalStatus copied = watch.look();
    noteSeen(copied);
    if (!copied.isBackfilled() || !copied.place().equals(status.place())) {
      return copied;
    }
    WalStatus after = move(copied);
    if (sealed != null) {
      settings.listener().sealed(Duration.ofNanos(System.nanoTime() - start), Duration.ZERO);
    }
    return after;
  }

  private WalHealth health(
      WalHealth.State state, @Nullable WalStatus status, Optional<Duration> comeBack)
      throws IOException {
    long walBytes = status == null ? 0 : status.walBytes();
    long unsettled = 0;
    boolean backfilled = false;
    if (status != null && settled != null && status.header() != null) {
      boolean sameGeneration = settled.place().generation() == status.place().generation();
      long done = sameGeneration ? settled.place().frames() : 0;
      unsettled = Math.max(0, status.frames() - done) * status.header().frameBytes();
      backfilled = !sameGeneration || status.backfilled() >= done;
    }
    return new WalHealth(state, walBytes, wal.sizeBytes(), unsettled, backfilled, comeBack);
  }

  @Override
  public void close() throws IOException {
    try {
      pins.close();
    } finally {
      wal.close();
      file.close();
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
    WalStatus status = watch.look();
    WalHeader header = status.header();
    if (header != null && header.pageSize() != pageSize) {
      event = new DatabaseEvent.PageSizeChanged(pageSize, header.pageSize());
      return Optional.empty();
    }
    boolean restarted = status.place().generation() > seen.generation();
    if (restarted && settled != null && catchUp == null && !settled.place().isAtLeast(seen)) {
      event = new DatabaseEvent.ContinuityLost("the WAL was restarted before it was captured");
      return Optional.empty();
    }
    noteSeen(status);
    return Optional.of(status);
  }

  private void noteSeen(WalStatus status) {
    if (!seen.isAtLeast(status.place())) {
      seen = status.place();
      lastCommitNanos = System.nanoTime();
    }
  }

  private @Nullable DatabaseEvent lookForEvent() throws IOException {
    try {
      if (!DatabaseFile.key(path).equals(file.key())) {
        return new DatabaseEvent.Replaced();
      }
    } catch (NoSuchFileException e) {
      return new DatabaseEvent.Deleted();
    }
    return wal.isReplaced() ? new DatabaseEvent.WalReplaced() : null;
  }

  /**
   * The WAL as it is at the start. A WAL that was restarted in the index, but whose file still has
   * the old frames, counts as it was: all of it is in the database file.
   */
  private WalStatus found() throws IOException {
    WalStatus status = watch.look();
    WalHeader header = status.header();
    if (header == null || status.frames() > 0) {
      return status;
    }
    WalScan scan =
        wal.scanner(header)
            .scan(header.start(), WalScanner.UNLIMITED, new FrameCollector(new PageMap(), header));
    long frames = FrameCollector.frameIndex(header, scan.end().offset());
    return new WalStatus(header, new WalPlace(status.place().generation(), frames), frames);
  }

  private Found look(Recorded recorded, WalStatus found) throws IOException {
    WalHeader header = found.header();
    if (header == null || recorded.point().isEmpty()) {
      return new Found(Optional.ofNullable(header), false, 0);
    }
    boolean holds = wal.scanner(header).holds(recorded.point().get());
    long end = WalHeader.SIZE + found.frames() * header.frameBytes();
    return new Found(Optional.of(header), holds, end);
  }

  private void resume(WalPoint point, long commit, WalStatus found) throws IOException {
    WalHeader header = found.header();
    if (header == null) {
      throw new IllegalStateException("continuity without a WAL");
    }
    long frames = FrameCollector.frameIndex(header, point.offset());
    WalPlace place = new WalPlace(found.place().generation(), frames);
    settled = new Base(place, Optional.of(point), commit);
    if (found.isBackfilled() && frames < found.frames()) {
      catchUp(settled, header, found);
    }
  }

  /**
   * What was committed behind the recorded point and is in the database file already, where a
   * writer may restart the WAL at any moment: the frames say which pages, the file (which nobody
   * changes beneath our pin) has their content.
   */
  private void catchUp(Base base, WalHeader header, WalStatus found) throws IOException {
    PageMap map = new PageMap();
    FrameCollector collector = new FrameCollector(map, header);
    WalPoint from = base.point().orElseThrow();
    long bytes = (found.frames() - base.place().frames()) * header.frameBytes();
    WalScan scan = wal.scanner(header).scan(from, bytes, collector);
    if (scan.stop() != WalScan.Stop.BUDGET || !wal.header().equals(Optional.of(header))) {
      continuity = new Continuity.Unproven(Continuity.Reason.OTHER_SALTS);
      settled = null;
      return;
    }
    map.finish();
    long commit = scan.commitPages();
    map.truncate(commit);
    map.remove(LtxHeader.lockPage(pageSize));
    long smallest = Math.min(base.commit(), collector.smallestCommit());
    PageMap inFile = new PageMap();
    for (int i = 0; i < map.size(); i++) {
      inFile.add(map.pgno(i), PageMap.DATABASE);
    }
    for (long pgno = smallest + 1; pgno <= commit; pgno++) {
      if (pgno != LtxHeader.lockPage(pageSize)) {
        inFile.add(pgno, PageMap.DATABASE);
      }
    }
    inFile.commit();
    inFile.finish();
    Base next = new Base(found.place(), Optional.of(scan.end()), commit);
    Capture capture =
        new Capture(
            Capture.Kind.BATCH,
            base.point(),
            next.point(),
            pageSize,
            commit,
            smallest,
            scan.end().offset() - from.offset(),
            Instant.now(),
            new MappedPages(inFile, pageSize, wal, file, NO_MEMORY));
    catchUp = new CatchUp(capture, next);
  }

  /** The committed state of now, and where its pages are. */
  private Snapshot snapshot() throws IOException {
    while (true) {
      WalStatus status = status().orElseThrow(() -> new StreamEnded(path));
      PageMap overlay = new PageMap();
      WalHeader header = status.header();
      if (header == null || status.frames() == 0) {
        Base base = new Base(status.place(), Optional.empty(), file.pages(pageSize));
        return new Snapshot(base, overlay);
      }
      FrameCollector collector = new FrameCollector(overlay, header);
      long bytes = status.frames() * header.frameBytes();
      WalScan scan = wal.scanner(header).scan(header.start(), bytes, collector);
      if (!wal.header().equals(Optional.of(header))) {
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

  /**
   * Pages that became part of the database without a frame: the newest frame before the batch has
   * them, else the database file.
   */
  private void addHoles(PageMap map, long smallest, long commit, WalPoint from, WalHeader header)
      throws IOException {
    PageMap holes = new PageMap();
    long lockPage = LtxHeader.lockPage(pageSize);
    int index = map.indexOf(smallest + 1);
    for (long pgno = smallest + 1; pgno <= commit; pgno++) {
      if (index < map.size() && map.pgno(index) == pgno) {
        index++;
      } else if (pgno != lockPage) {
        holes.add(pgno, PageMap.DATABASE);
      }
    }
    holes.commit();
    if (holes.size() == 0) {
      return;
    }
    PageMap before = new PageMap();
    if (!from.isStart()) {
      long bytes = from.offset() - WalHeader.SIZE;
      wal.scanner(header).scan(header.start(), bytes, new FrameCollector(before, header));
    }
    before.finish();
    for (int i = 0; i < holes.size(); i++) {
      int found = before.indexOf(holes.pgno(i));
      boolean hasFrame = found < before.size() && before.pgno(found) == holes.pgno(i);
      map.add(holes.pgno(i), hasFrame ? before.place(found) : PageMap.DATABASE);
    }
    map.commit();
    map.finish();
  }

  private Instant oldestCommit() {
    Instant oldest = noticed == null ? Instant.now() : noticed;
    noticed = null;
    return oldest;
  }

  private Capture hand(Capture capture, Base next) {
    outstanding = new Outstanding(capture, next);
    return capture;
  }

  private Outstanding end(Capture capture) {
    Outstanding ended = outstanding;
    if (ended == null || ended.capture != capture) {
      throw new IllegalStateException(path + ": not the outstanding capture: " + capture);
    }
    outstanding = null;
    return ended;
  }

  private void requireNothingOutstanding() {
    if (outstanding != null) {
      throw new IllegalStateException(path + ": a capture is outstanding");
    }
  }

  private record Outstanding(Capture capture, Base next) {}

  private record CatchUp(Capture capture, Base base) {}

  private record Snapshot(Base base, PageMap overlay) {}
}
