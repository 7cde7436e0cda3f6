package dev.tidewal.fence;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxHeader.WalSpan;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.state.FencedMark;
import dev.tidewal.state.OwnerState;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The head of a replica under our claim, and the only way to move it.
 *
 * <p>Each L0 is created under a condition at exactly the TXID after the last one that we know to be
 * ours. Who takes the replica over creates that TXID first, with an object that is never deleted:
 * so our next create fails, and we find out before anything is acknowledged. A failed create is
 * looked at: our own owner id in it means that an earlier attempt, whose answer was lost, did
 * arrive; then exactly what it holds is acknowledged.
 *
 * <p>{@link #append} is for one thread at a time; {@link #assureOwner} and {@link #head} are safe
 * from others. What is acknowledged is in the state directory before a method returns. {@link
 * Claims} makes chains.
 */
public final class Chain {
  private final ChainContext context;
  private final ReplicaClient client;
  private final OwnerState state;
  private final String owner;
  private volatile StoredBatch head;
  private volatile @Nullable String fencedBecause;
  private volatile @Nullable String lostBecause;
  private long confirmedNanos;
  private long lookedNanos;
  private volatile @Nullable Tried tried;
  private volatile boolean mustSendAll;
  private volatile boolean isPassed;
  private volatile boolean isLeft;

  /**
   * An upload that was begun, and whose outcome we don't know (yet).
   *
   * @param isPassed its TXID was given up, in a store that lets it arrive at any time
   */
  private record Tried(Txid txid, long sinceNanos, boolean isPassed) {}

  /**
   * @param confirmedNanos when the head was last known to be ours
   * @param mustSendAll an upload of before may replace our claim
   */
  Chain(
      ChainContext context,
      String owner,
      StoredBatch head,
      long confirmedNanos,
      boolean mustSendAll) {
    this.mustSendAll = mustSendAll;
    this.context = context;
    this.client = context.client();
    this.state = context.state();
    this.owner = owner;
    this.head = head;
    this.confirmedNanos = confirmedNanos;
  }

  /** The last acknowledged state. */
  public StoredBatch head() {
    return head;
  }

  /** Owner id of this claim. */
  public String owner() {
    return owner;
  }

  /** The Kubernetes cluster that the replica belongs to; empty for none. */
  public Optional<String> clusterId() {
    return Optional.of(context.marker().clusterId()).filter(id -> !id.isEmpty());
  }

  /** Whether nothing but our own looks keeps a second writer out. */
  public boolean isUnfenced() {
    return context.isUnfenced();
  }

  public boolean isFenced() {
    return fencedBecause != null;
  }

  /**
   * Whether a batch with every page has to come next: the store refuses nothing, and an upload of
   * before may replace our claim at any time.
   */
  public boolean mustSendAll() {
    return mustSendAll;
  }

  /** Every page was acknowledged. */
  public void sentAll() {
    mustSendAll = false;
  }

  /**
   * Nothing more will be appended, also not by an append that nobody waits for any more. When
   * nothing of ours can arrive late, the next start need not reckon with it.
   */
  public void leave() throws IOException {
    isLeft = true; // before what is tried is looked at: an append looks the other way round
    boolean isOpen = mustSendAll || isPassed || tried != null || isFenced();
    if (context.isUnfenced() && !isOpen) {
      state.settled();
    }
  }

  /**
   * Stores a batch as the next TXID and records it.
   *
   * @throws TidewalException.Fenced when another owner has the replica; final
   * @throws TidewalException.StoreUnreachable when the outcome is unknown: call it again, with the
   *     same batch or one that holds more
   * @throws IOException when the state can't be written: likewise
   */
  public AppendResult append(Batch batch) throws IOException {
    refuseWhenFenced();
    String lost = lostBecause;
    if (lost != null) {
      return new AppendResult.Lost(lost);
    }
    Txid next = head.position().txid().next();
    Optional<AppendResult> earlier = lookBefore(next);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    if (!isTried(next)) {
      lookedNanos = context.nanos();
      tried = new Tried(next, lookedNanos, false);
    }
    refuseWhenLeft();
    LtxName name = LtxName.batch(next);
    Upload upload = new Upload(context, owner, batch, head.timestamp());
    ObjectInfo info;
    try {
      info = upload.write(name, context.writeMode());
    } catch (TidewalException.PreconditionFailed e) {
      return adoptOrFence(next);
    }
    if (context.isStale(confirmedNanos)) {
      assureOwner();
    }
    StoredBatch stored = upload.stored(name);
    accept(stored);
    isPassed = false;
    return new AppendResult.Appended(stored, info.sizeBytes());
  }

  /**
   * Looks at the store before a write where our knowledge is too old, or where nothing else keeps
   * writers apart. Present: an earlier upload of ours was there, or may still come.
   */
  private Optional<AppendResult> lookBefore(Txid next) throws IOException {
    Tried last = isTried(next) ? tried : null;
    boolean isUnknown = last != null && context.isStale(lookedNanos);
    boolean wasPassed = last != null && last.isPassed;
    if ((isUnknown || context.isUnfenced()) && !wasPassed && context.find(next).isPresent()) {
      return Optional.of(adoptOrFence(next));
    }
    if (isUnknown || context.isStale(confirmedNanos)) {
      long before = context.nanos();
      assureOwner();
      confirmedNanos = before;
      lookedNanos = before;
    }
    return context.isUnfenced() && last != null ? Optional.of(pass(last)) : Optional.empty();
  }

  /**
   * An upload of ours may still arrive, and the store would let it replace what we put there
   * meanwhile: acknowledged commits would be gone. So nothing that counts is put there.
   */
  private AppendResult pass(Tried late) throws IOException {
    if (late.isPassed
        && context.find(late.txid).filter(found -> !context.isOwned(found, owner)).isPresent()) {
      throw fence("another owner wrote " + late.txid);
    }
    tried = new Tried(late.txid, late.sinceNanos, true);
    isPassed = true;
    refuseWhenLeft();
    WalSpan span =
        head.end()
            .map(end -> new WalSpan(end.offset(), 0, end.salt1(), end.salt2()))
            .orElse(WalSpan.NONE);
    LtxName name = LtxName.batch(late.txid);
    Upload upload =
        new Upload(context, owner, Upload.noPages(context, head, span), head.timestamp());
    upload.write(name, context.writeMode());
    StoredBatch stored = upload.stored(name);
    accept(stored);
    return new AppendResult.Passed(stored);
  }

  private boolean isTried(Txid txid) {
    Tried last = tried;
    return last != null && last.txid.equals(txid);
  }

  /** The next TXID is taken: by an earlier upload of ours, or by somebody else. */
  private AppendResult adoptOrFence(Txid next) throws IOException {
    ObjectInfo found =
        context
            .find(next)
            .orElseThrow(() -> fence("the object at " + next + " came and went meanwhile"));
    boolean isPossible = found.metadata().owner().isPresent() || isTried(next);
    if (!isPossible || !context.isOwned(found, owner)) {
      throw fence("another owner wrote " + next);
    }
    StoredBatch stored;
    try {
      stored = StoredBatch.of(StoredObject.read(client, found));
    } catch (TidewalException.NotFound e) {
      throw fence("our object at " + next + " was deleted while we were away");
    }
    accept(stored);
    return new AppendResult.Adopted(stored);
  }

  private void accept(StoredBatch stored) throws IOException {
    context.acknowledge(owner, stored);
    head = stored;
    tried = null;
    confirmedNanos = context.nanos();
  }

  /**
   * Asks the store whether the head is still ours; before levels, snapshots and deletions.
   *
   * <p>Who takes over creates the TXID after ours and never deletes it: two looks are enough. But
   * after an upload whose outcome we didn't learn for long, that TXID may have been ours, someone
   * may have gone on from there, and its retention may have deleted it: then the list tells.
   *
   * <p>A replica that somebody emptied takes our next objects as if nothing had happened. Its root
   * marker, written once and never deleted, is gone then: the next {@link #append} says so.
   *
   * @throws TidewalException.Fenced when it is not; final
   * @throws TidewalException.StoreUnreachable when the replica was emptied, too: what is left is
   *     nothing to build on or to delete from
   */
  public void assureOwner() {
    refuseWhenFenced();
    assureReplica();
    Txid at = head.position().txid();
    Tried last = tried;
    if (last != null && context.isStale(last.sinceNanos) && isBeyond(at.next())) {
      throw fence("another owner went on after " + at.next());
    }
    Optional<ObjectInfo> mine = context.find(at);
    if (mine.isEmpty()) {
      if (isBeyond(at)) {
        throw fence("our head " + at + " was deleted while we were away");
      }
      // Who takes over leaves a claim behind: nobody did, somebody is just emptying the replica.
      throw lost(client.url() + " is being emptied: our head " + at + " is gone");
    }
    // An upload of before may have replaced our claim; who took over is found behind it.
    if (!mustSendAll && !context.isOwned(mine.get(), owner)) {
      throw fence("another owner wrote " + at);
    }
    if (context.find(at.next()).filter(info -> !context.isOwned(info, owner)).isPresent()) {
      throw fence("another owner wrote " + at.next());
    }
  }

  private void assureReplica() {
    Optional<RootMarker> marker = context.readMarker();
    if (marker.isEmpty()) {
      throw lost(client.url() + " was emptied: its root marker is gone");
    }
    if (!marker.get().databaseId().equals(context.marker().databaseId())) {
      throw fence("another replica was begun there after ours was deleted");
    }
  }

  /** From here on {@link #append} stores nothing, and asks for a new start. */
  private TidewalException.StoreUnreachable lost(String why) {
    lostBecause = why;
    return new TidewalException.StoreUnreachable(why);
  }

  private boolean isBeyond(Txid next) {
    return client.list(0, next.next(), false).hasNext();
  }

  private void refuseWhenLeft() {
    if (isLeft) {
      throw new TidewalException.StoreUnreachable(
          client.url() + ": not written to, since this run has ended");
    }
  }

  private void refuseWhenFenced() {
    String why = fencedBecause;
    if (why != null) {
      throw fenced(why);
    }
  }

  /** From here on nothing is written, in this process and (by the mark) in this pod. */
  private TidewalException.Fenced fence(String why) {
    fencedBecause = why;
    TidewalException.Fenced fenced = fenced(why);
    try {
      state.markFenced(new FencedMark(context.pod(), why, context.clocks().wall().instant()));
    } catch (IOException e) {
      fenced.addSuppressed(e);
    }
    return fenced;
  }

  private TidewalException.Fenced fenced(String why) {
    return new TidewalException.Fenced(
        state.database()
            + ": fenced, "
            + why
            + " in "
            + client.url()
            + "; what was not uploaded is kept in "
            + state.branches()
            + ", stop one of the two writers");
  }
}
