package dev.tidewal.fence;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxHeader.WalSpan;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import dev.tidewal.state.Acknowledged;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * The ways to become the owner of a replica. Each writes at exactly the TXID after the head that
 * was decided on, under a condition; who is second decides again.
 *
 * <p>A create that succeeds proves that nobody took over, because claims are never deleted. It
 * proves nothing when it took effect long after the decision: by then the owner's retention may
 * have deleted the data that was there. So late ones look again.
 */
public final class Claims {
  private Claims() {}

  /**
   * Claims the TXID after the head that a plan was decided on, with an object without pages.
   *
   * @param decidedNanos when that head was read, by {@link Clocks#nanos}
   * @throws TidewalException.StoreUnreachable when the outcome is unknown: decide again later, the
   *     claim may have arrived
   */
  public static ClaimResult claim(ChainContext context, StartPlan.OnHead plan, long decidedNanos)
      throws IOException {
    ReplicaHead.At on = plan.head();
    if (context.isStale(decidedNanos)) {
      return new ClaimResult.DecideAgain("the decision is too old");
    }
    if (on.commit() == 0) {
      throw new TidewalException.Refused(
          context.client().url()
              + " ends with the deletion of its database at "
              + on.txid()
              + "; replicate to another prefix");
    }
    boolean mustSendAll = context.mayBeReplaced(Optional.of(on));
    String owner = context.state().newOwner(plan.intent());
    Optional<StoredBatch> claim = write(context, owner, on, decidedNanos);
    if (claim.isEmpty()) {
      return outrun(on.txid().next());
    }
    Chain chain = owned(context, owner, claim.get(), mustSendAll);
    if (plan instanceof StartPlan.KeepLocal) {
      Branches.protect(context.client(), on.txid());
    }
    return new ClaimResult.Claimed(chain);
  }

  /**
   * Starts an empty replica: TXID 1 with all pages is the claim.
   *
   * @param decidedNanos when the replica was found empty
   */
  public static ClaimResult first(ChainContext context, Batch all, long decidedNanos)
      throws IOException {
    boolean mustSendAll = context.mayBeReplaced(Optional.empty());
    Optional<Owned> first = createFirst(context, all, decidedNanos);
    return first.isPresent()
        ? new ClaimResult.Claimed(
            owned(context, first.get().owner(), first.get().batch(), mustSendAll))
        : outrun(Txid.FIRST);
  }

  /**
   * Starts a lost replica again above everything that was ever acknowledged: a full snapshot {@code
   * 1..upTo}, and the claim of {@code upTo} as the new head. Nothing is recorded before that: a
   * start after a crash in between finds the old floor, and does it again.
   */
  public static ClaimResult restart(
      ChainContext context, StartPlan.RestartChain plan, Batch all, long decidedNanos)
      throws IOException {
    boolean mustSendAll = context.mayBeReplaced(plan.head());
    Optional<Owned> base =
        plan.head().isPresent()
            ? snapshotAbove(context, plan.head().get(), all, plan.upTo(), decidedNanos)
            : firstAndNothing(context, all, plan.upTo(), decidedNanos);
    if (base.isEmpty()) {
      return outrun(plan.head().map(ReplicaHead.At::txid).orElse(Txid.ZERO).next());
    }
    String owner = base.get().owner();
    Optional<StoredBatch> claim =
        write(context, owner, base.get().batch(), all.span(), plan.upTo(), context.nanos());
    return claim.isPresent()
        ? new ClaimResult.Claimed(owned(context, owner, claim.get(), mustSendAll))
        : outrun(plan.upTo());
  }

  /**
   * Goes on under a claim that another process of this state directory made and handed over; see
   * {@link dev.tidewal.state.OwnerState#takeHandOver}. The first append looks whether it still
   * holds.
   */
  public static Chain resume(ChainContext context, Acknowledged handedOver) {
    StoredBatch head =
        new StoredBatch(
            handedOver.position(),
            handedOver.wal(),
            handedOver.commit(),
            handedOver.pageSize(),
            handedOver.timestamp(),
            handedOver.fileChecksum());
    long longAgo = context.nanos() - 2 * ChainContext.FRESH.toNanos();
    boolean mustSendAll = context.isUnfenced() && context.state().isUnsettled();
    return new Chain(context, handedOver.owner(), head, longAgo, mustSendAll);
  }

  private static ClaimResult outrun(Txid txid) {
    return new ClaimResult.DecideAgain("someone else wrote " + txid);
  }

  private static Chain owned(
      ChainContext context, String owner, StoredBatch batch, boolean mustSendAll)
      throws IOException {
    context.acknowledge(owner, batch);
    context.state().clearFenced();
    return new Chain(context, owner, batch, context.nanos(), mustSendAll);
  }

  private static Optional<StoredBatch> write(
      ChainContext context, String owner, ReplicaHead.At on, long decidedNanos) {
    return write(context, owner, StoredBatch.of(on), on.span(), on.txid().next(), decidedNanos);
  }

  /** Writes an object without pages that repeats another; empty when someone else was first. */
  private static Optional<StoredBatch> write(
      ChainContext context,
      String owner,
      StoredBatch before,
      WalSpan span,
      Txid txid,
      long decidedNanos) {
    if (context.isUnfenced() && context.find(txid).isPresent()) {
      return Optional.empty();
    }
    LtxName name = LtxName.batch(txid);
    Upload upload =
        new Upload(context, owner, Upload.noPages(context, before, span), before.timestamp());
    Optional<StoredBatch> claim;
    try {
      upload.write(name, context.writeMode());
      claim = Optional.of(upload.stored(name));
    } catch (TidewalException.PreconditionFailed e) {
      // Ours, if the client repeated a request whose answer was lost.
      claim = context.findOwned(txid, owner);
    }
    boolean isLate = context.isStale(decidedNanos);
    return claim.isPresent() && isLate && isPassed(context, txid) ? Optional.empty() : claim;
  }

  /** A batch that was stored under an owner id. */
  private record Owned(String owner, StoredBatch batch) {}

  /** Creates TXID 1; empty when someone else did. Retention may delete this one claim. */
  private static Optional<Owned> createFirst(ChainContext context, Batch all, long decidedNanos)
      throws IOException {
    long knownNanos = decidedNanos;
    if (context.isStale(knownNanos)) {
      knownNanos = context.nanos();
      if (!(new HeadReader(context.client()).read(Optional.empty()) instanceof ReplicaHead.Empty)) {
        return Optional.empty();
      }
    }
    String owner = context.state().newOwner(Optional.empty());
    try {
      new Upload(context, owner, all, Instant.EPOCH)
          .write(LtxName.batch(Txid.FIRST), context.writeMode());
    } catch (TidewalException.PreconditionFailed e) {
      // Ours, if the client repeated a request whose answer was lost: the look below tells.
    }
    if (context.isStale(knownNanos) && isPassed(context, Txid.FIRST)) {
      return Optional.empty();
    }
    return context.findOwned(Txid.FIRST, owner).map(batch -> new Owned(owner, batch));
  }

  /**
   * Whether the history went past an object that we created late. It stays: if someone built on it,
   * it is a claim like any other; if not, no restore needs a TXID that levels cover.
   */
  private static boolean isPassed(ChainContext context, Txid created) {
    return new HeadReader(context.client()).read(Optional.of(created)) instanceof ReplicaHead.At now
        && now.txid().isAfter(created);
  }

  /** An empty replica: all pages as TXID 1, and level 1 says that nothing happened up to upTo. */
  private static Optional<Owned> firstAndNothing(
      ChainContext context, Batch all, Txid upTo, long decidedNanos) throws IOException {
    Optional<Owned> first = createFirst(context, all, decidedNanos);
    first.ifPresent(owned -> {
      StoredBatch batch = owned.batch();
      Batch nothing = Upload.noPages(context, batch, WalSpan.NONE);
      new Upload(context, owned.owner(), nothing, batch.timestamp())
          .write(new LtxName(1, Txid.FIRST.next(), upTo), WriteMode.REPLACE);
    });
    return first;
  }

  /** What is left is claimed, and covered by a snapshot that needs none of it. */
  private static Optional<Owned> snapshotAbove(
      ChainContext context, ReplicaHead.At on, Batch all, Txid upTo, long decidedNanos)
      throws IOException {
    String owner = context.state().newOwner(Optional.empty());
    if (write(context, owner, on, decidedNanos).isEmpty()) {
      return Optional.empty();
    }
    Upload upload = new Upload(context, owner, all, on.timestamp());
    LtxName name = LtxName.snapshot(upTo);
    upload.write(name, WriteMode.REPLACE);
    return Optional.of(new Owned(owner, upload.stored(name)));
  }
}
