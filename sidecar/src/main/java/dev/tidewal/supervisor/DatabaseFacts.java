package dev.tidewal.supervisor;

import dev.tidewal.core.Position;
import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.database.Capture;
import dev.tidewal.database.Continuity.Recorded;
import dev.tidewal.database.DatabaseLook;
import dev.tidewal.database.DatabaseSettings;
import dev.tidewal.database.LiveDatabase;
import dev.tidewal.fence.LocalContent;
import dev.tidewal.fence.LocalDatabase;
import dev.tidewal.fence.LocalDatabase.Answer;
import dev.tidewal.fence.LocalWal;
import dev.tidewal.fence.RecordedPositions;
import dev.tidewal.fence.ReplicaHead;
import dev.tidewal.fence.StartFacts;
import dev.tidewal.fence.StartFacts.Need;
import dev.tidewal.fence.Starter;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.ltx.LtxReader;
import dev.tidewal.ltx.PageChecksum;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.state.Acknowledged;
import dev.tidewal.state.CleanStop;
import dev.tidewal.state.FileStamp;
import dev.tidewal.wal.WalHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at a local database file for the start decision. Expensive facts are read only when they
 * are needed.
 */
final class DatabaseFacts implements Starter.LocalFacts {
  /** More objects than this are not read back to compare pages: the answer is then "no". */
  private static final long MOST_SENT_OBJECTS = 256;

  private final Path database;
  private final Path litestream;
  private final ReplicaClient client;
  private final DatabaseSettings settings;
  private final Optional<CleanStop> left;

  /**
   * @param litestream where Litestream kept its own state beside the database
   * @param left how the last process left the database
   */
  DatabaseFacts(
      Path database,
      Path litestream,
      ReplicaClient client,
      DatabaseSettings settings,
      Optional<CleanStop> left) {
    this.left = left;
    this.database = database;
    this.litestream = litestream;
    this.client = client;
    this.settings = settings;
  }

  @Override
  public LocalDatabase look(ReplicaHead head, Optional<Acknowledged> acknowledged, Set<Need> needs)
      throws IOException {
    return switch (DatabaseLook.at(database)) {
      case DatabaseLook.Missing() -> new LocalDatabase.Missing();
      case DatabaseLook.Empty() -> new LocalDatabase.Missing();
      case DatabaseLook.Database found ->
          new LocalDatabase.Present(
              true,
              wal(head, acknowledged),
              needs.contains(Need.CONTENT)
                  ? content(head, acknowledged)
                  : new LocalContent.NotRead(),
              needs.contains(Need.SENT_PAGES) ? sentPages(head, acknowledged) : Answer.NOT_ASKED,
              head instanceof ReplicaHead.At at && LitestreamState.wroteHead(litestream, at));
    };
  }

  private LocalWal wal(ReplicaHead head, Optional<Acknowledged> acknowledged) throws IOException {
    LocalWal found = LocalWalReader.read(database, StartFacts.walOffsets(head, acknowledged));
    Optional<FileStamp> stamp =
        left.filter(stop -> acknowledged.filter(a -> stop.isAt(a.position().txid())).isPresent())
            .map(CleanStop::stamp);
    // Looked at after the WAL: whoever restarts that writes to the database file before.
    if (stamp.isEmpty() || !stamp.equals(FileStamp.of(database))) {
      return found;
    }
    return switch (found) {
      case LocalWal.None none -> new LocalWal.Successor(false);
      case LocalWal.Successor already -> already;
      case LocalWal.Present wal ->
          acknowledged.flatMap(Acknowledged::wal).filter(wal.end()::hasSaltsOf).isPresent()
              ? wal
              : new LocalWal.Successor(wal.end().offset() > WalHeader.SIZE);
    };
  }

  private LocalContent content(ReplicaHead head, Optional<Acknowledged> acknowledged)
      throws IOException {
    long[] rolling = {PageChecksum.FLAG};
    try (LiveDatabase live = LiveDatabase.open(database, settings, Recorded.NOTHING)) {
      Capture all = live.full();
      int pageSize = all.pageSize();
      all.pages((pgno, page, offset) ->
          rolling[0] =
              PageChecksum.toggle(rolling[0], PageChecksum.of(pgno, page, offset, pageSize)));
      live.abandon(all);
    }
    return new LocalContent.Read(rolling[0], older(rolling[0], head, acknowledged));
  }

  /**
   * The older state of the replica that the pages are. Our own record of it is enough; else what is
   * recorded beside the objects tells, though the file may be older than the state directory beside
   * it.
   */
  private Optional<Position> older(
      long checksum, ReplicaHead head, Optional<Acknowledged> acknowledged) {
    if (!(head instanceof ReplicaHead.At at) || at.position().checksum() == checksum) {
      return Optional.empty();
    }
    return acknowledged
        .map(Acknowledged::position)
        .filter(recorded -> recorded.checksum() == checksum)
        .filter(recorded -> recorded.txid().isBefore(at.txid()))
        .or(() -> new RecordedPositions(client).find(checksum, at.txid()));
  }

  /**
   * Whether the database has every page as it was sent since the last known backfill, the newest
   * version of each.
   */
  private Answer sentPages(ReplicaHead head, Optional<Acknowledged> acknowledged)
      throws IOException {
    if (!(head instanceof ReplicaHead.At at) || acknowledged.isEmpty()) {
      return Answer.NO;
    }
    Txid from = acknowledged.get().backfilled();
    if (at.txid().value() - from.value() > MOST_SENT_OBJECTS) {
      return Answer.NO;
    }
    Map<Long, Long> sent = new HashMap<>();
    try {
      for (Txid txid = from.next(); !txid.isAfter(at.txid()); txid = txid.next()) {
        collect(txid, sent);
      }
    } catch (TidewalException.NotFound | TidewalException.Corrupt e) {
      return Answer.NO;
    }
    sent.keySet().removeIf(pgno -> pgno > at.commit());
    return holds(sent) ? Answer.YES : Answer.NO;
  }

  private void collect(Txid txid, Map<Long, Long> sent) throws IOException {
    LtxName name = LtxName.batch(txid);
    try (LtxReader reader = new LtxReader(client.open(name, 0, 0), name.toString())) {
      int pageSize = reader.header().pageSize();
      while (reader.next()) {
        sent.put(reader.pgno(), PageChecksum.of(reader.pgno(), reader.page(), 0, pageSize));
      }
      reader.finish();
    }
  }

  private boolean holds(Map<Long, Long> sent) throws IOException {
    Map<Long, Long> missing = new HashMap<>(sent);
    try (LiveDatabase live = LiveDatabase.open(database, settings, Recorded.NOTHING)) {
      Capture all = live.full();
      int pageSize = all.pageSize();
      all.pages((pgno, page, offset) -> {
        Long wanted = missing.get(pgno);
        if (wanted != null && wanted == PageChecksum.of(pgno, page, offset, pageSize)) {
          missing.remove(pgno);
        }
      });
      live.abandon(all);
    }
    return missing.isEmpty();
  }
}
