package dev.tidewal.fence;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import dev.tidewal.state.Acknowledged;
import dev.tidewal.state.OwnerState;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * What a {@link Chain} works with, and the few things that its claim and its appends do alike.
 *
 * @param marker the replica's root marker, already in place
 * @param pod uid of this pod, empty outside of Kubernetes: fencing lasts for its life
 */
public record ChainContext(
    ReplicaClient client, OwnerState state, RootMarker marker, String pod, Clocks clocks) {
  /**
   * How long knowledge of the head is good for. A process that was stopped for longer, or an upload
   * whose outcome is unknown for longer, looks before it writes.
   */
  static final Duration FRESH = Duration.ofSeconds(60);

  long nanos() {
    return clocks.nanos().getAsLong();
  }

  boolean isStale(long sinceNanos) {
    return nanos() - sinceNanos > FRESH.toNanos();
  }

  WriteMode writeMode() {
    return marker.fencing().writeMode();
  }

  boolean isUnfenced() {
    return marker.fencing() == Fencing.UNFENCED;
  }

  /**
   * Before a claim: whether an upload of an earlier process, or of another owner, may still arrive
   * under the claimed TXID and replace the claim. Then every page has to follow, whatever is there.
   *
   * @param head the head that is claimed; empty for none
   */
  boolean mayBeReplaced(Optional<ReplicaHead.At> head) throws IOException {
    if (!isUnfenced()) {
      return false;
    }
    boolean wasUnsettled = state.isUnsettled();
    state.unsettled();
    return wasUnsettled || !head.map(this::isRecorded).orElse(true);
  }

  private boolean isRecorded(ReplicaHead.At head) {
    return state
        .acknowledged()
        .filter(recorded -> recorded.position().txid().equals(head.txid()))
        .filter(recorded -> recorded.fileChecksum() == head.fileChecksum())
        .isPresent();
  }

  /** The root marker as it is now, empty when it is gone. */
  Optional<RootMarker> readMarker() {
    return client
        .readDocument(RootMarker.NAME)
        .map(bytes -> RootMarker.parse(bytes, client.url() + " .tidewal/" + RootMarker.NAME));
  }

  /** The L0 object of a TXID, with its metadata. */
  Optional<ObjectInfo> find(Txid txid) {
    try {
      return Optional.of(client.stat(LtxName.batch(txid)));
    } catch (TidewalException.NotFound e) {
      return Optional.empty();
    }
  }

  /** What is stored at a TXID under an owner id; empty when it is another's, or gone. */
  Optional<StoredBatch> findOwned(Txid txid, String owner) {
    try {
      return find(txid)
          .filter(info -> isOwned(info, owner))
          .map(info -> StoredBatch.of(StoredObject.read(client, info)));
    } catch (TidewalException.NotFound e) {
      return Optional.empty();
    }
  }

  /** Where a store keeps no metadata, nobody can tell, and the TXID alone counts. */
  boolean isOwned(ObjectInfo info, String owner) {
    return info.metadata().owner().map(owner::equals).orElse(isUnfenced());
  }

  /** Records what the store holds under our owner id; on disk when this returns. */
  void acknowledge(String owner, StoredBatch stored) throws IOException {
    Txid backfilled =
        state
            .acknowledged()
            .map(Acknowledged::backfilled)
            .filter(txid -> !txid.isAfter(stored.position().txid()))
            .orElse(Txid.ZERO);
    state.acknowledge(
        new Acknowledged(
            stored.position(),
            stored.end(),
            stored.commit(),
            stored.pageSize(),
            backfilled,
            owner,
            stored.fileChecksum(),
            stored.timestamp(),
            marker.databaseId(),
            marker.clusterId()));
  }
}
