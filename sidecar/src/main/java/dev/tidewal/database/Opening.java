package dev.tidewal.database;

import dev.tidewal.database.Continuity.Found;
import dev.tidewal.database.Continuity.Recorded;
import dev.tidewal.state.FileStamp;
import dev.tidewal.wal.WalHeader;
import dev.tidewal.wal.WalPoint;
import dev.tidewal.wal.WalScan;
import dev.tidewal.wal.WalScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the start of a {@link LiveDatabase} found: the pin is there, and continuity is judged.
 *
 * @param index identity of the {@code -shm} file that the connections share with others
 * @param settled where to go on; null when continuity is not proven
 * @param catchUp what has to be captured first, from the database file
 */
record Opening(
    WalFile walFile,
    PinnedWal wal,
    Optional<Object> index,
    int pageSize,
    boolean converted,
    Continuity continuity,
    @Nullable Base settled,
    @Nullable Outstanding catchUp) {

  static Opening of(Path path, DatabaseSettings settings, Recorded recorded, DatabaseFile file)
      throws IOException {
    boolean converted = new WalMode(path).ensure(file, settings.conversion());
    int pageSize = DatabaseHeader.read(file.head(DatabaseHeader.SIZE)).orElseThrow().pageSize();
    Pins pins = Pins.open(path);
    WalFile walFile = new WalFile(path);
    try {
      PinnedWal wal = new PinnedWal(pins, walFile, settings.listener());
      WalStatus found = found(walFile, wal.look());
      Continuity continuity = Continuity.judge(recorded, look(path, walFile, recorded, found));
      Optional<Object> index = DatabaseFile.keyOfIndex(path);
      Opening opening =
          new Opening(walFile, wal, index, pageSize, converted, continuity, null, null);
      return switch (continuity) {
        case Continuity.Proven(WalPoint point) ->
            opening.resume(
                point, recorded.commit(), found, Objects.requireNonNull(found.header()), file);
        case Continuity.Untouched() -> opening.begin(recorded, found);
        case Continuity.Unproven _, Continuity.Behind _, Continuity.Forked _ -> opening;
      };
    } catch (IOException | RuntimeException | Error e) {
      pins.close();
      walFile.close();
      throw e;
    }
  }

  /**
   * The WAL as it is at the start. A WAL that was restarted in the index, but whose file still has
   * the old frames, counts as it was: all of it is in the database file.
   */
  private static WalStatus found(WalFile walFile, WalStatus status) throws IOException {
    WalHeader header = status.header();
    if (header == null || status.frames() > 0) {
      return status;
    }
    WalScan scan =
        walFile.scan(
            header,
            header.start(),
            WalScanner.UNLIMITED,
            new FrameCollector(new PageMap(), header));
    long frames = FrameCollector.frameIndex(header, scan.end().offset());
    return new WalStatus(header, new WalPlace(status.place().generation(), frames), frames);
  }

  private static Found look(Path path, WalFile walFile, Recorded recorded, WalStatus found)
      throws IOException {
    WalHeader header = found.header();
    // Frames that are in the database file already were there before the stamp was taken.
    boolean written = found.frames() > 0 && found.isBackfilled();
    boolean untouched =
        !written && recorded.left().isPresent() && FileStamp.of(path).equals(recorded.left());
    if (header == null || recorded.point().isEmpty()) {
      return new Found(Optional.ofNullable(header), false, 0, untouched);
    }
    boolean holds = walFile.holds(header, recorded.point().get());
    return new Found(Optional.of(header), holds, found.walBytes(), untouched);
  }

  /** All frames there are come after what was recorded, so the WAL counts as restarted. */
  private Opening begin(Recorded recorded, WalStatus found) {
    WalPlace place = found.frames() == 0 ? found.place() : WalPlace.NONE;
    Base base = new Base(place, recorded.point(), recorded.commit());
    return new Opening(walFile, wal, index, pageSize, converted, continuity, base, null);
  }

  private Opening resume(
      WalPoint point, long commit, WalStatus found, WalHeader header, DatabaseFile file)
      throws IOException {
    long frames = FrameCollector.frameIndex(header, point.offset());
    WalPlace place = new WalPlace(found.place().generation(), frames);
    Base base = new Base(place, Optional.of(point), commit);
    return found.isBackfilled() && frames < found.frames()
        ? catchUp(base, header, found, file)
        : new Opening(walFile, wal, index, pageSize, converted, continuity, base, null);
  }

  /**
   * What was committed behind the recorded point and is in the database file already, where a
   * writer may restart the WAL at any moment: the frames say which pages, the file (which nobody
   * changes beneath our pin) has their content.
   */
  private Opening catchUp(Base base, WalHeader header, WalStatus found, DatabaseFile file)
      throws IOException {
    WalPoint from = base.point().orElseThrow();
    Batch batch = new Batch(walFile, pageSize, base.commit());
    long bytes = (found.frames() - base.place().frames()) * header.frameBytes();
    WalScan scan = batch.scan(header, from, bytes);
    if (scan.stop() != WalScan.Stop.BUDGET || !walFile.header().equals(Optional.of(header))) {
      Continuity lost = new Continuity.Unproven(Continuity.Reason.OTHER_SALTS);
      return new Opening(walFile, wal, index, pageSize, converted, lost, null, null);
    }
    batch.finish();
    Base next = new Base(found.place(), Optional.of(scan.end()), batch.commit());
    Capture capture =
        new Capture(
            Capture.Kind.BATCH,
            base.point(),
            next.point(),
            pageSize,
            batch.commit(),
            batch.smallestCommit(),
            batch.walBytes(),
            Instant.now(),
            false,
            new MappedPages(batch.inDatabaseFile(), pageSize, walFile, file, new byte[0]));
    Outstanding first = new Outstanding(capture, next);
    return new Opening(walFile, wal, index, pageSize, converted, continuity, base, first);
  }
}
