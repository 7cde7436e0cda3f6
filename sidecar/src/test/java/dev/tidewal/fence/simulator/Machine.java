package dev.tidewal.fence.simulator;

import dev.tidewal.core.Position;
import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.fence.AppendResult;
import dev.tidewal.fence.Batch;
import dev.tidewal.fence.Chain;
import dev.tidewal.fence.ChainContext;
import dev.tidewal.fence.Choice;
import dev.tidewal.fence.ClaimResult;
import dev.tidewal.fence.Claims;
import dev.tidewal.fence.Clocks;
import dev.tidewal.fence.Floor;
import dev.tidewal.fence.HeadReader;
import dev.tidewal.fence.LocalContent;
import dev.tidewal.fence.LocalDatabase;
import dev.tidewal.fence.LocalDatabase.Answer;
import dev.tidewal.fence.LocalWal;
import dev.tidewal.fence.Moment;
import dev.tidewal.fence.ReplicaHead;
import dev.tidewal.fence.RootMarkers;
import dev.tidewal.fence.StartFacts.Need;
import dev.tidewal.fence.StartPlan;
import dev.tidewal.fence.Starter;
import dev.tidewal.fence.Starter.Started;
import dev.tidewal.fence.StoredBatch;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxHeader.WalSpan;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ObjectMetadata;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import dev.tidewal.state.Acknowledged;
import dev.tidewal.wal.WalPoint;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One machine with its volume: an application and, while there is a process, a sidecar around the
 * real code of the package under test. {@link #run} is the sidecar's program.
 */
final class Machine {
  private static final int PAGE_SIZE = 512;
  private static final Duration RETENTION = Duration.ofHours(1);

  final String name;
  Volume volume;
  boolean isAppRunning;

  /** Nothing has happened to the volume that the sidecar could not know of. */
  boolean isVolumeGood = true;

  /** The last start was refused. */
  boolean isStuck;

  private final World world;
  private final Random random;
  private int podNumber = 1;
  private Duration skew = Duration.ZERO;
  private Choice choice = Choice.NONE;
  @Nullable Process process;
  @Nullable Volume saved;

  // What the sidecar's process has in memory.
  private int captured;
  private boolean needsFull;
  private boolean isFollowing;

  Machine(World world, String name, Volume volume) {
    this.world = world;
    this.random = world.random;
    this.name = name;
    this.volume = volume;
  }

  boolean isRunning() {
    return process != null && !process.isEnded();
  }

  /** A new pod: its application starts after the sidecar has decided. */
  void newPod() {
    podNumber++;
    isAppRunning = false;
  }

  void skewClock(Duration by) {
    skew = by;
  }

  // --- the application ---

  void commit() {
    volume.commit(world.newCommit(), world.newSalts());
  }

  /** The application alone, without a sidecar that holds a pin. */
  void runAlone() {
    for (int i = random.nextInt(4); i >= 0; i--) {
      switch (random.nextInt(5)) {
        case 0 -> volume.seal();
        case 1 -> volume.closeCleanly();
        default -> commit();
      }
    }
  }

  // --- the sidecar ---

  void run(Process self) {
    try {
      ModelClient client = new ModelClient(world, self);
      ModelState state =
          new ModelState(
              volume.state,
              effect -> gate(self, effect),
              world::newOwner,
              acknowledged -> world.ledger.acknowledged(name, acknowledged),
              world.mutant == Mutant.INTENTS_FORGOTTEN);
      while (live(self, client, state)) {
        world.sleepShort(self);
      }
    } catch (IOException e) {
      world.trace("%s: %s", self, String.valueOf(e.getMessage()));
    }
  }

  /** A write to the volume: the process may end before and after; the volume may be gone. */
  private void gate(Process self, Runnable effect) throws IOException {
    self.pause();
    if (world.isMountedElsewhere(this)) {
      throw new IOException("the volume is gone");
    }
    effect.run();
    self.pause();
  }

  /** From a start to its end; false when there is nothing more to do in this process. */
  private boolean live(Process self, ModelClient client, ModelState state) throws IOException {
    isFollowing = false;
    Clocks clocks = new Clocks(this::nanos, this::wall);
    RootMarkers markers =
        new RootMarkers(
            client, new RootMarkers.Wanted("", "model", Optional.empty(), false), () -> true);
    Moment moment = isAppRunning ? Moment.BESIDE_APPLICATION : Moment.RESTORE_STEP;
    Starter starter =
        new Starter(
            client,
            state,
            markers,
            new Starter.Situation(moment, Floor.none(), choice, name + "-" + podNumber),
            clocks);
    Started started;
    int createdBefore = client.created();
    boolean isLost = world.ledger.isLost();
    try {
      started =
          world.mutant == Mutant.NO_NEW_DECISION
              ? claimWithoutDeciding(self, client, state, starter, markers, clocks)
              : starter.start(this::look);
    } catch (TidewalException.StoreUnreachable e) {
      return true;
    }
    StartPlan plan = started.plan();
    isStuck = plan instanceof StartPlan.Refuse || plan instanceof StartPlan.Fence;
    world.trace("%s: %s (%s)", self, plan.problem().reason(), plan.getClass().getSimpleName());
    if (!plan.claims()
        && client.created() > createdBefore
        && world.ledger.lastOwner().filter(state::isOwn).isPresent()) {
      throw new Violation(self + " wrote although it " + plan);
    }
    if (isLost && plan instanceof StartPlan.OnHead) {
      goOnWithWhatIsLeft(self, state);
    }
    return switch (plan) {
      case StartPlan.FirstSnapshot first -> {
        if (isLost) {
          throw new Violation(self + " starts empty: " + first.message());
        }
        yield begin(self, client, state, starter, started);
      }
      case StartPlan.RestartChain lost -> {
        if (!world.ledger.isLost()) {
          throw new Violation(self + ": " + lost.message());
        }
        yield begin(self, client, state, starter, started);
      }
      case StartPlan.Restore restore -> restore(self, client, state, started);
      case StartPlan.BringForward forward -> {
        choice = Choice.NONE;
        yield restore(self, client, state, started);
      }
      case StartPlan.Resume resume -> {
        Chain chain = started.chain().orElseThrow();
        goOnFrom(chain.head());
        world.ledger.durable(name, volume.commits.subList(0, captured));
        yield follow(self, client, state, chain);
      }
      case StartPlan.Resync resync -> {
        needsFull = true;
        yield follow(self, client, state, started.chain().orElseThrow());
      }
      case StartPlan.KeepLocal keep -> {
        if (volume.isChosen || choice.keep().isPresent()) {
          world.ledger.forsake(volume.commits);
          choice = Choice.NONE;
        }
        needsFull = true;
        yield follow(self, client, state, started.chain().orElseThrow());
      }
      case StartPlan.RunDegraded degraded -> {
        if (!isVolumeGood) {
          world.ledger.forsake(volume.commits);
        }
        isAppRunning = true;
        commit();
        yield true;
      }
      case StartPlan.Wait wait -> true;
      case StartPlan.Refuse refuse -> {
        askPerson();
        yield false;
      }
      case StartPlan.Fence fence -> false;
    };
  }

  /**
   * An earlier start put everything into the empty bucket and ended before it recorded that. It has
   * to be everything.
   */
  private void goOnWithWhatIsLeft(Process self, ModelState state) {
    Acknowledged claim = state.acknowledged().orElseThrow();
    List<Commit> content =
        world
            .store
            .restore(claim.position().txid())
            .orElseThrow(() -> new Violation(self + " goes on with what is left"));
    world.ledger.restarted(name, claim, content);
  }

  /** The defect: the claim follows whatever head there is, and the plan stays. */
  private Started claimWithoutDeciding(
      Process self,
      ModelClient client,
      ModelState state,
      Starter starter,
      RootMarkers markers,
      Clocks clocks)
      throws IOException {
    StartPlan plan = starter.dryRun(this::look);
    world.sleepLong(self);
    ReplicaHead now = new HeadReader(client).read(Optional.empty());
    if (!(now instanceof ReplicaHead.At head)) {
      return starter.start(this::look);
    }
    StartPlan.OnHead moved;
    if (plan instanceof StartPlan.Resume) {
      moved = new StartPlan.Resume(plan.problem(), plan.message(), head);
    } else if (plan instanceof StartPlan.Resync) {
      moved = new StartPlan.Resync(plan.problem(), plan.message(), head);
    } else {
      return starter.start(this::look);
    }
    ChainContext context = new ChainContext(client, state, markers.ensure(), name, clocks);
    return switch (Claims.claim(context, moved, nanos())) {
      case ClaimResult.Claimed claimed -> new Started(moved, Optional.of(claimed.chain()), nanos());
      case ClaimResult.DecideAgain again -> starter.start(this::look);
    };
  }

  /** A person says that this file is the right one. */
  void keepLocal() {
    choice = Choice.keep(Choice.Side.LOCAL);
    world.ledger.forsake(volume.commits);
    isStuck = false;
  }

  private void askPerson() {
    if (random.nextInt(3) == 0) {
      choice = Choice.keep(random.nextBoolean() ? Choice.Side.LOCAL : Choice.Side.REPLICA);
      volume.isChosen |= choice.equals(Choice.keep(Choice.Side.LOCAL));
      world.trace("%s: a person chooses %s", name, choice.keep());
    }
  }

  private boolean begin(
      Process self, ModelClient client, ModelState state, Starter starter, Started started)
      throws IOException {
    isAppRunning = true;
    if (!volume.hasFile) {
      volume.hasFile = true;
      commit();
    }
    needsFull = true;
    int count = volume.commits.size();
    Batch all = batch(client, count);
    try {
      return switch (starter.begin(started, all)) {
        case ClaimResult.DecideAgain again -> true;
        case ClaimResult.Claimed claimed -> {
          captured = count;
          needsFull = false;
          if (started.plan() instanceof StartPlan.RestartChain) {
            if (volume.isChosen) {
              world.ledger.forsake(volume.commits);
            }
            choice = Choice.NONE;
            world.ledger.restarted(
                name, state.acknowledged().orElseThrow(), volume.commits.subList(0, count));
          }
          world.ledger.durable(name, volume.commits.subList(0, count));
          yield follow(self, client, state, claimed.chain());
        }
      };
    } catch (TidewalException.StoreUnreachable e) {
      return true;
    }
  }

  private boolean restore(Process self, ModelClient client, ModelState state, Started started)
      throws IOException {
    Chain chain = started.chain().orElseThrow();
    Txid target = chain.head().position().txid();
    self.pause();
    Optional<List<Commit>> restored = world.store.restore(target);
    if (restored.isEmpty()) {
      if (world.ledger.isLost()) {
        world.trace("%s: emptied before %s could be restored", self, target);
        return true;
      }
      if (world.store.newest().isAfter(target)) {
        world.trace("%s: others went on, and %s can't be restored any more", self, target);
        return true;
      }
      throw new Violation(self + " can't restore " + target);
    }
    List<Commit> content = restored.get();
    if (Commit.checksum(content) != chain.head().position().checksum()) {
      throw new Violation(self + " restored another content than " + target + " records");
    }
    gate(self, () -> volume.restored(content));
    world.ledger.durable(name, content);
    state.backfilledThrough(target);
    state.intentDone();
    if (random.nextInt(3) == 0) {
      state.handOver();
      world.trace("%s: handed over", self);
      return false;
    }
    captured = content.size();
    needsFull = false;
    return follow(self, client, state, chain);
  }

  /** The place in our WAL where the replica ends. */
  private void goOnFrom(StoredBatch head) {
    Optional<Integer> count = head.end().flatMap(volume::countAt);
    boolean isRestored = volume.salts == 0;
    needsFull = count.isEmpty() && !isRestored;
    captured = count.orElse(volume.commits.size());
  }

  private boolean follow(Process self, ModelClient client, ModelState state, Chain chain)
      throws IOException {
    isFollowing = true;
    isAppRunning = true;
    boolean isIntentOpen = state.intent().isPresent();
    try {
      while (true) {
        switch (random.nextInt(12)) {
          case 0, 1, 2 -> commit();
          case 3, 4, 5, 6 -> {
            if (!append(client, chain)) {
              return true;
            }
            if (isIntentOpen && !needsFull) {
              state.intentDone();
              isIntentOpen = false;
            }
          }
          case 7 -> seal(state, chain);
          case 8 -> compact(client, chain);
          case 9 -> assure(chain);
          default -> world.sleepShort(self);
        }
        self.pause();
      }
    } catch (TidewalException.Fenced e) {
      world.trace("%s: %s", self, String.valueOf(e.getMessage()));
      return false;
    }
  }

  private void assure(Chain chain) {
    try {
      assureOwner(chain);
    } catch (TidewalException.StoreUnreachable e) {
      world.trace("%s: ownership not known", name);
    }
  }

  private void assureOwner(Chain chain) {
    boolean isLost = world.ledger.isLost();
    chain.assureOwner();
    if (isLost) {
      throw new Violation(name + " takes an emptied replica for its own");
    }
  }

  /** False when the replica turned out to be lost. */
  private boolean append(ModelClient client, Chain chain) throws IOException {
    int size = volume.commits.size();
    if (!needsFull && captured == size) {
      return true;
    }
    int to = needsFull ? size : captured + 1 + random.nextInt(size - captured);
    try {
      switch (chain.append(batch(client, to))) {
        case AppendResult.Appended appended -> {
          captured = to;
          needsFull = false;
          world.ledger.durable(name, volume.commits.subList(0, to));
        }
        case AppendResult.Adopted adopted -> adopt(adopted.stored(), to);
        case AppendResult.Passed passed -> adopt(passed.stored(), to);
        case AppendResult.Lost lost -> {
          world.trace("%s: %s", name, lost.why());
          return false;
        }
      }
    } catch (TidewalException.StoreUnreachable e) {
      world.trace("%s: upload of unknown outcome", name);
    }
    return true;
  }

  private void adopt(StoredBatch stored, int to) {
    if (world.mutant == Mutant.ADOPTED_TAKEN_FOR_SENT) {
      captured = to;
      world.ledger.durable(name, volume.commits.subList(0, to));
      return;
    }
    Optional<Integer> count = stored.end().flatMap(volume::countAt);
    needsFull = count.isEmpty();
    captured = count.orElse(captured);
    count.ifPresent(durable -> world.ledger.durable(name, volume.commits.subList(0, durable)));
  }

  private Batch batch(ModelClient client, int to) {
    List<Commit> all = List.copyOf(volume.commits.subList(0, to));
    Payload payload =
        needsFull ? new Payload(true, all) : new Payload(false, all.subList(captured, to));
    Optional<WalPoint> end = volume.point(to);
    int from = needsFull ? to : Math.max(captured, volume.walStart);
    WalSpan span = end.isEmpty() ? WalSpan.NONE : volume.span(from, to);
    client.writesFor(all);
    return new Batch(
        10, PAGE_SIZE, span, end, Commit.checksum(all), wall(), 1 << 20, payload::encode);
  }

  /** All is captured and acknowledged: the WAL is copied, and its next frame restarts it. */
  private void seal(ModelState state, Chain chain) throws IOException {
    if (!needsFull && captured == volume.commits.size()) {
      volume.seal();
      state.backfilledThrough(chain.head().position().txid());
    }
  }

  // --- compaction and retention ---

  private void compact(ModelClient client, Chain chain) throws IOException {
    if (needsFull) {
      return;
    }
    try {
      assureOwner(chain);
      if (world.ledger.isLost()) {
        return;
      }
      Txid at = chain.head().position().txid();
      writeSnapshot(client, at);
      assureOwner(chain);
      if (world.ledger.isLost()) {
        return;
      }
      deleteCovered(client, at);
    } catch (TidewalException.StoreUnreachable e) {
      world.trace("%s: no snapshot", name);
    }
  }

  private void writeSnapshot(ModelClient client, Txid at) {
    List<Commit> content =
        world.store.restore(at).orElseThrow(() -> new Violation("no restore of " + at));
    Batch all =
        new Batch(
            10,
            PAGE_SIZE,
            WalSpan.NONE,
            Optional.empty(),
            Commit.checksum(content),
            wall(),
            1 << 20,
            new Payload(true, content)::encode);
    LtxName snapshot = LtxName.snapshot(at);
    client.write(
        snapshot,
        new ObjectMetadata(
            Optional.of(wall()),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.of(all.checksum()),
            OptionalLong.empty()),
        WriteMode.REPLACE,
        1 << 20,
        out -> {
          LtxHeader header =
              LtxHeader.of(PAGE_SIZE, 10, snapshot.min(), at, wall().toEpochMilli(), WalSpan.NONE);
          all.encoder().encode(header, out);
        });
  }

  private void deleteCovered(ModelClient client, Txid snapshot) {
    List<LtxName> expired = new ArrayList<>();
    Instant old = client.storeTime().minus(RETENTION);
    for (Iterator<ObjectInfo> list = client.list(0, Txid.ZERO, false); list.hasNext(); ) {
      ObjectInfo info = list.next();
      boolean isClaim = info.sizeBytes() == Payload.CLAIM_BYTES;
      if (info.name().max().isBefore(snapshot)
          && info.modified().isBefore(old)
          && (!isClaim || world.mutant == Mutant.NEITHER_CLAIMS_NOR_LOOKS)) {
        expired.add(info.name());
      }
    }
    if (!expired.isEmpty()) {
      client.delete(expired);
    }
  }

  // --- what the start wants to know ---

  private LocalDatabase look(
      ReplicaHead head, Optional<Acknowledged> acknowledged, Set<Need> needs) {
    world.trace(
        "%s looks: head %s, recorded %s, %s",
        name,
        head instanceof ReplicaHead.At at ? at.txid() + " of " + at.owner().orElse("") : head,
        acknowledged.map(state -> state.position().txid() + " backfilled " + state.backfilled()),
        volume);
    if (!volume.hasFile) {
      return new LocalDatabase.Missing();
    }
    long checksum = Commit.checksum(volume.commits);
    return new LocalDatabase.Present(
        true,
        wal(),
        needs.contains(Need.CONTENT)
            ? new LocalContent.Read(checksum, older(head, checksum))
            : new LocalContent.NotRead(),
        needs.contains(Need.SENT_PAGES) ? sentPages(head, acknowledged) : Answer.NOT_ASKED,
        false);
  }

  /** An older TXID of the replica at which this checksum was recorded. */
  private Optional<Position> older(ReplicaHead head, long checksum) {
    return head instanceof ReplicaHead.At at
        ? world.store.list(0, Txid.ZERO).stream()
            .filter(info -> info.name().max().isBefore(at.txid()))
            .filter(info -> info.metadata().checksum().orElse(0) == checksum)
            .map(info -> new Position(info.name().max(), checksum))
            .findFirst()
        : Optional.empty();
  }

  private LocalWal wal() {
    Optional<WalPoint> end = volume.point(volume.commits.size());
    if (end.isEmpty()) {
      return new LocalWal.None();
    }
    List<WalPoint> known = new ArrayList<>();
    for (int count = volume.walStart; count <= volume.commits.size(); count++) {
      volume.point(count).ifPresent(known::add);
    }
    return new LocalWal.Present(end.get(), known);
  }

  private Answer sentPages(ReplicaHead head, Optional<Acknowledged> acknowledged) {
    if (!(head instanceof ReplicaHead.At at) || acknowledged.isEmpty()) {
      return Answer.NO;
    }
    Map<Integer, Commit> sent = new HashMap<>();
    for (Txid txid = acknowledged.get().backfilled().next();
        !txid.isAfter(at.txid());
        txid = txid.next()) {
      try {
        Payload.decode(world.store.get(LtxName.batch(txid)).bytes())
            .commits()
            .forEach(commit -> sent.put(commit.page(), commit));
      } catch (TidewalException.NotFound e) {
        return Answer.NO;
      }
    }
    Map<Integer, Commit> local = new HashMap<>();
    volume.commits.forEach(commit -> local.put(commit.page(), commit));
    return sent.entrySet().stream()
            .allMatch(page -> page.getValue().equals(local.get(page.getKey())))
        ? Answer.YES
        : Answer.NO;
  }

  private long nanos() {
    Mutant blind = isFollowing ? Mutant.NEITHER_CLAIMS_NOR_LOOKS : Mutant.NO_LOOK_AFTER_A_MINUTE;
    return world.mutant == blind ? 0 : world.nanos();
  }

  private Instant wall() {
    return world.storeTime().plus(skew);
  }

  @Override
  public String toString() {
    return name;
  }
}
