package dev.tidewal.fence;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the newest state of a replica: one LIST from the TXID that we know, one look at the object.
 *
 * <p>Who knows no TXID, or finds it gone, lists all of L0 and then the other levels: a replica
 * whose newest batches were deleted still has them compacted, and a claim below that would begin a
 * second history. Only a replica without an object in any level is empty.
 */
public final class HeadReader {
  private static final int ATTEMPTS = 3;

  private final ReplicaClient client;

  public HeadReader(ReplicaClient client) {
    this.client = client;
  }

  /**
   * Reads the head.
   *
   * @param known a TXID that was acknowledged here, to begin at
   * @throws TidewalException.Corrupt when the head object is damaged, or two L0 objects overlap
   * @throws TidewalException.StoreUnreachable when there is no answer; see {@link #observe}
   */
  public ReplicaHead read(Optional<Txid> known) {
    for (int attempt = 1; ; attempt++) {
      Optional<LtxName> newest = newest(known);
      if (newest.isEmpty()) {
        return new ReplicaHead.Empty();
      }
      try {
        return StoredObject.read(client, client.stat(newest.get())).asHead();
      } catch (TidewalException.NotFound e) {
        // The owner's retention deleted it between the listing and here: there is a newer one.
        if (attempt == ATTEMPTS) {
          throw new TidewalException.StoreUnreachable(
              client.url() + ": objects vanish faster than they can be looked at", e);
        }
      }
    }
  }

  /** The same, with "no answer" as a value for the start decision. */
  public ReplicaHead observe(Optional<Txid> known) {
    try {
      return read(known);
    } catch (TidewalException.StoreUnreachable e) {
      return new ReplicaHead.Unreachable(
          StartProblem.STORE_UNREACHABLE, String.valueOf(e.getMessage()));
    }
  }

  private Optional<LtxName> newest(Optional<Txid> known) {
    if (known.isPresent()) {
      Newest tail = newest(0, known.get());
      if (tail.first != null && tail.first.min().equals(known.get())) {
        return Optional.ofNullable(tail.highest);
      }
    }
    LtxName highest = newest(0, Txid.ZERO).highest;
    for (int level = 1; level <= LtxName.SNAPSHOT_LEVEL; level++) {
      LtxName other = newest(level, Txid.ZERO).highest;
      if (other != null && (highest == null || other.max().isAfter(highest.max()))) {
        highest = batchOr(other);
      }
    }
    return Optional.ofNullable(highest);
  }

  /**
   * The owner may have written a batch and compacted it since L0 was listed: the batch says more
   * than what was made of it.
   */
  private LtxName batchOr(LtxName compacted) {
    try {
      return client.stat(LtxName.batch(compacted.max())).name();
    } catch (TidewalException.NotFound e) {
      return compacted;
    }
  }

  /** The first object of a listing, and the one with the highest last TXID. */
  private record Newest(@Nullable LtxName first, @Nullable LtxName highest) {}

  private Newest newest(int level, Txid seek) {
    LtxName first = null;
    LtxName highest = null;
    for (Iterator<ObjectInfo> list = client.list(level, seek, false); list.hasNext(); ) {
      LtxName name = list.next().name();
      if (level == 0 && highest != null && !name.min().isAfter(highest.max())) {
        throw new TidewalException.Corrupt(
            client.url()
                + " holds two histories: "
                + highest
                + " and "
                + name
                + " overlap; keep one of them, or replicate to another prefix");
      }
      first = first == null ? name : first;
      highest = highest == null || name.max().isAfter(highest.max()) ? name : highest;
    }
    return new Newest(first, highest);
  }
}
