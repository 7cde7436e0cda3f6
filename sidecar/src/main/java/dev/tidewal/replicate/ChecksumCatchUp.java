package dev.tidewal.replicate;

import dev.tidewal.core.Position;
import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.fence.StoredBatch;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.ltx.LtxReader;
import dev.tidewal.ltx.PageChecksum;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.state.PageChecksums;
import dev.tidewal.state.PageChecksums.At;
import dev.tidewal.wal.WalPoint;
import java.io.IOException;
import java.util.Optional;

/**
 * Brings the page-checksum file to the replica's head by reading the objects in between: what the
 * file holds then is what the replica holds, page by page.
 */
public final class ChecksumCatchUp {
  /** More objects than this are not read: a full snapshot is cheaper than it looks, and certain. */
  private static final long MOST_OBJECTS = 4096;

  private final ReplicaClient client;
  private final PageChecksums checksums;

  public ChecksumCatchUp(ReplicaClient client, PageChecksums checksums) {
    this.client = client;
    this.checksums = checksums;
  }

  /**
   * Reads and applies the objects after the file's position, up to the head.
   *
   * @return false when the file can't be brought there; it is cleared, and a full snapshot has to
   *     follow
   * @throws TidewalException.StoreUnreachable to be tried again
   */
  public boolean bringTo(StoredBatch head) throws IOException {
    Optional<At> at = checksums.at();
    if (at.isEmpty() || !fits(at.get(), head)) {
      checksums.clear();
      return false;
    }
    try {
      for (Txid txid = at.get().position().txid().next();
          !txid.isAfter(head.position().txid());
          txid = txid.next()) {
        apply(txid, txid.equals(head.position().txid()) ? head.end() : Optional.empty());
      }
    } catch (TidewalException.NotFound | TidewalException.Corrupt e) {
      checksums.clear();
      return false;
    }
    if (head.position().hasChecksum() && checksums.rolling() != head.position().checksum()) {
      checksums.clear();
      return false;
    }
    return true;
  }

  /** Applies one object that the replica holds. */
  void apply(Txid txid, Optional<WalPoint> end) throws IOException {
    LtxName name = LtxName.batch(txid);
    try (LtxReader reader = new LtxReader(client.open(name, 0, 0), name.toString());
        PageChecksums.Update update =
            name.isSnapshot() ? checksums.rewrite() : checksums.update()) {
      while (reader.next()) {
        update.add(
            reader.pgno(),
            PageChecksum.of(reader.pgno(), reader.page(), 0, reader.header().pageSize()));
      }
      reader.finish();
      long commit = reader.header().commit();
      Position position = new Position(txid, update.rollingAfter(commit));
      update.apply(at(position, end, reader.header().pageSize(), commit));
    }
  }

  /** An object without pages. Not read: another one may be there by now. */
  void pass(StoredBatch stored) throws IOException {
    try (PageChecksums.Update update = checksums.update()) {
      long rolling = update.rollingAfter(stored.commit());
      Position position = new Position(stored.position().txid(), rolling);
      update.apply(at(position, stored.end(), stored.pageSize(), stored.commit()));
    }
  }

  static At at(Position position, Optional<WalPoint> end, int pageSize, long commit) {
    return new At(
        position,
        end.map(WalPoint::salt1).orElse(0),
        end.map(WalPoint::salt2).orElse(0),
        pageSize,
        commit);
  }

  private static boolean fits(At at, StoredBatch head) {
    long objects = head.position().txid().value() - at.position().txid().value();
    return at.pageSize() == head.pageSize() && objects >= 0 && objects <= MOST_OBJECTS;
  }
}
