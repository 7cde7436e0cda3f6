package dev.tidewal.state;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a start and a chain remember between processes: the part of a {@link StateDirectory} that
 * the protocol of claims is built on. What a method stored survives a power loss once it returned.
 *
 * <p>It is an interface for one reason: the simulator of that protocol keeps thousands of them in
 * memory. Both pass the same contract test.
 */
public interface OwnerState {
  Path database();

  /** Temporary files; emptied at every open. */
  Path scratch();

  /** What was kept aside: unsent tails of a fenced writer, old database files. */
  Path branches();

  Optional<Acknowledged> acknowledged();

  /**
   * Records what the replica acknowledged; one {@code fdatasync}. Claims that were tried before are
   * settled by it.
   */
  void acknowledge(Acknowledged state) throws IOException;

  /**
   * The acknowledged state as it was found unreadable, when there is no newer one: there was data
   * once, and nobody can say how much.
   */
  Optional<Path> lostState() throws IOException;

  /**
   * A fresh owner id, 32 hex digits, on disk before it is returned.
   *
   * @param kind what is about to be done to the local file under the claim
   */
  String newOwner(Optional<Intent.Kind> kind) throws IOException;

  /**
   * Whether an owner id is of this state directory: the one of the acknowledged head, or of a claim
   * tried since whose outcome was never learnt.
   */
  boolean isOwn(String owner);

  /** Whether an owner id is the one of a claim that was tried and never acknowledged. */
  boolean isTried(String owner);

  /** What a claim of ours was for, as long as that is not done. */
  Optional<Intent> intent();

  /**
   * Takes the claim that another process handed over; once. Empty when there is none, or when it is
   * not the acknowledged owner's.
   */
  Optional<Acknowledged> takeHandOver() throws IOException;

  /**
   * Whether an upload was begun that may still take effect, in a store that lets it replace what is
   * there by then.
   */
  boolean isUnsettled();

  /** Records that uploads are about to begin in such a store; cheap when that is recorded. */
  void unsettled() throws IOException;

  /** Every upload that was begun has taken effect, or can do no harm any more. */
  void settled() throws IOException;

  Optional<FencedMark> fenced();

  /** Records that another owner has the replica. The first mark of a pod stays. */
  void markFenced(FencedMark mark) throws IOException;

  /** Removes the mark: a later life of this database owns the replica again. */
  void clearFenced() throws IOException;
}
