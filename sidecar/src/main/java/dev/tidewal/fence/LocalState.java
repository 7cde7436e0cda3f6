package dev.tidewal.fence;

import dev.tidewal.state.Acknowledged;
import dev.tidewal.state.FencedMark;
import dev.tidewal.state.Intent;
import dev.tidewal.state.OwnerState;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the state directory says, seen from one replica and its head.
 *
 * @param acknowledged the last acknowledged state, if it is one of this replica
 * @param isLost there was a state, and it can't be read any more
 * @param headIsOurs the head was written under an owner id of this state directory
 * @param headIsTriedClaim the head is a claim of ours, of whose outcome we had no answer: the file
 *     is what it was when that claim was decided, or newer
 * @param intent what our newest claim was for, when that was not finished
 * @param isUntouched the last claim was handed over with the file exactly at it
 * @param fenced why this pod was fenced before
 * @param headIsRemnant the head is ours, and the replica that we knew around it is gone: its root
 *     marker is missing, or another one
 */
public record LocalState(
    Optional<Acknowledged> acknowledged,
    boolean isLost,
    boolean headIsOurs,
    boolean headIsTriedClaim,
    Optional<Intent.Kind> intent,
    boolean isUntouched,
    Optional<String> fenced,
    boolean headIsRemnant) {
  public static final LocalState ABSENT =
      new LocalState(
          Optional.empty(), false, false, false, Optional.empty(), false, Optional.empty(), false);

  /**
   * Reads the state directory.
   *
   * @param marker the replica's root marker
   * @param untouched the hand-over was taken by this process
   * @param pod uid of this pod, empty outside of Kubernetes
   */
  public static LocalState of(
      OwnerState directory,
      ReplicaHead head,
      Optional<RootMarker> marker,
      boolean untouched,
      String pod)
      throws IOException {
    Optional<String> owner =
        head instanceof ReplicaHead.At at ? at.owner() : Optional.<String>empty();
    boolean headIsOwn = owner.filter(directory::isOwn).isPresent();
    Optional<Acknowledged> acknowledged =
        directory.acknowledged().filter(state -> headIsOwn || isOf(state, head, marker));
    boolean headIsOurs =
        head instanceof ReplicaHead.At at
            && acknowledged
                .map(state -> wroteHead(state, at, headIsOwn, directory.isUnsettled()))
                .orElse(headIsOwn);
    return new LocalState(
        acknowledged,
        directory.lostState().isPresent(),
        headIsOurs,
        head instanceof ReplicaHead.At at
            && at.isClaim()
            && owner.filter(directory::isTried).isPresent(),
        directory.intent().filter(intent -> isOf(intent, owner, acknowledged)).map(Intent::kind),
        untouched,
        directory.fenced().filter(mark -> mark.bindsPod(pod)).map(FencedMark::reason),
        headIsOurs && acknowledged.filter(state -> !isMarkedBy(state, marker)).isPresent());
  }

  /** It stands while our newest claim, found at the head or recorded, is one for it. */
  private static boolean isOf(
      Intent intent, Optional<String> owner, Optional<Acknowledged> acknowledged) {
    return Stream.concat(owner.stream(), acknowledged.map(Acknowledged::owner).stream())
        .anyMatch(intent.owners()::contains);
  }

  private static boolean isMarkedBy(Acknowledged state, Optional<RootMarker> marker) {
    return state.databaseId().isEmpty()
        || marker.filter(found -> found.databaseId().equals(state.databaseId())).isPresent();
  }

  /**
   * A TXID means something only in its own replica. An empty one is the one that was lost, whatever
   * its marker says: a start that began it anew may have ended after the marker. Without a marker a
   * full one is a stranger's.
   */
  private static boolean isOf(Acknowledged state, ReplicaHead head, Optional<RootMarker> marker) {
    return !(head instanceof ReplicaHead.At)
        || marker
            .map(found -> found.databaseId().equals(state.databaseId()))
            .orElse(state.databaseId().isEmpty());
  }

  /**
   * Whether the head is ours. A copy of our volume has our owner id too: one TXID with another
   * object than ours is not ours. Stores that keep no owner id leave the object's own checksum, or
   * a WAL range that begins exactly where our last one ended.
   *
   * @param isUnsettled the store lets an earlier upload of ours replace a later one
   */
  private static boolean wroteHead(
      Acknowledged state, ReplicaHead.At head, boolean headIsOwn, boolean isUnsettled) {
    if (head.txid().equals(state.position().txid())) {
      boolean isRecorded = head.fileChecksum() == state.fileChecksum();
      return headIsOwn ? isRecorded || isUnsettled : isRecorded && head.owner().isEmpty();
    }
    if (head.owner().isPresent()) {
      return headIsOwn;
    }
    return head.txid().equals(state.position().txid().next())
        && state
            .wal()
            .filter(wal ->
                wal.offset() == head.span().offset()
                    && wal.salt1() == head.span().salt1()
                    && wal.salt2() == head.span().salt2())
            .isPresent();
  }
}
