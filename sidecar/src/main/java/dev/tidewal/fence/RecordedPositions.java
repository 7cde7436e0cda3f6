package dev.tidewal.fence;

import dev.tidewal.core.Position;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import java.util.Iterator;
import java.util.Optional;

/**
 * Finds the state that a database file is at by what is recorded beside the objects of a replica.
 * Batches first, in their order, then what is left of older ones in the other levels.
 *
 * <p>Asks for the metadata of every object that it passes: only for a start that otherwise would be
 * refused.
 */
public final class RecordedPositions {
  private final ReplicaClient client;

  public RecordedPositions(ReplicaClient client) {
    this.client = client;
  }

  /**
   * The first position with a checksum, empty when none is recorded. Objects that Litestream wrote
   * have none.
   *
   * @param checksum rolling checksum of all pages
   * @param before this position and later ones don't count
   */
  public Optional<Position> find(long checksum, Txid before) {
    for (int level = 0; level <= LtxName.SNAPSHOT_LEVEL; level++) {
      Iterator<ObjectInfo> objects = client.list(level, Txid.ZERO, true);
      while (objects.hasNext()) {
        ObjectInfo object = objects.next();
        Position position =
            new Position(object.name().max(), object.metadata().checksum().orElse(0));
        if (position.hasChecksum()
            && position.checksum() == checksum
            && position.txid().isBefore(before)) {
          return Optional.of(position);
        }
      }
    }
    return Optional.empty();
  }
}
