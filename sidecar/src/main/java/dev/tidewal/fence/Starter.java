package dev.tidewal.fence;

import dev.tidewal.core.TidewalException;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.state.Acknowledged;
import dev.tidewal.state.FencedMark;
import dev.tidewal.state.OwnerState;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * Runs "decide, then claim": reads the head, gathers the facts, decides, and claims where the plan
 * says so; decides again when someone else was faster. Doing what the plan says is the caller's.
 *
 * <p>For one thread.
 */
public final class Starter {
  private static final int ATTEMPTS = 10;

  private final ReplicaClient client;
  private final OwnerState state;
  private final RootMarkers markers;
  private final Situation situation;
  private final Clocks clocks;
  private final Optional<Acknowledged> handedOver;

  /**
   * What doesn't change while a start decides.
   *
   * @param moment whether an application may run on the file
   * @param floor what witnesses other than the local state recorded
   * @param choice what a user named
   * @param pod uid of this pod, empty outside of Kubernetes
   */
  public record Situation(Moment moment, Floor floor, Choice choice, String pod) {}

  /** Looks at the local database file. */
  @FunctionalInterface
  public interface LocalFacts {
    /**
     * Looks.
     *
     * @param head the head that it is compared with
     * @param acknowledged what was recorded of this replica
     * @param needs the expensive facts that are needed; others may stay open
     */
    LocalDatabase look(
        ReplicaHead head, Optional<Acknowledged> acknowledged, Set<StartFacts.Need> needs)
        throws IOException;
  }

  /**
   * A decision that holds.
   *
   * @param chain the claimed chain; empty for plans that don't claim, and for those that claim with
   *     their first object, see {@link Starter#begin}
   * @param decidedNanos when the head was read
   */
  public record Started(StartPlan plan, Optional<Chain> chain, long decidedNanos) {}

  public Starter(
      ReplicaClient client,
      OwnerState state,
      RootMarkers markers,
      Situation situation,
      Clocks clocks)
      throws IOException {
    this.client = client;
    this.state = state;
    this.markers = markers;
    this.situation = situation;
    this.clocks = clocks;
    this.handedOver = state.takeHandOver();
  }

  /**
   * Decides, and claims.
   *
   * @throws TidewalException.Refused when the replica is another cluster's
   * @throws TidewalException.StoreUnreachable when the outcome of the claim is unknown: start again
   */
  public Started start(LocalFacts local) throws IOException {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Decision decision = decide(local);
      StartPlan plan = decision.plan;
      if (plan instanceof StartPlan.Fence) {
        state.markFenced(new FencedMark(situation.pod, plan.message(), clocks.wall().instant()));
      }
      if (!(plan instanceof StartPlan.OnHead onHead)) {
        return new Started(plan, Optional.empty(), decision.nanos);
      }
      ClaimResult result = claim(onHead, decision);
      if (result instanceof ClaimResult.Claimed claimed) {
        return new Started(plan, Optional.of(claimed.chain()), decision.nanos);
      }
    }
    throw new TidewalException.StoreUnreachable(
        client.url() + ": the head moves faster than a start can decide; find the other writer");
  }

  /**
   * Claims with the first object, for {@link StartPlan.FirstSnapshot} and {@link
   * StartPlan.RestartChain}. On {@link ClaimResult.DecideAgain} start again.
   *
   * @param all every page of the database
   */
  public ClaimResult begin(Started started, Batch all) throws IOException {
    return switch (started.plan) {
      case StartPlan.FirstSnapshot plan -> Claims.first(context(), all, started.decidedNanos);
      case StartPlan.RestartChain plan ->
          Claims.restart(context(), plan, all, started.decidedNanos);
      case StartPlan.OnHead plan -> throw notBegun(plan);
      case StartPlan.RunDegraded plan -> throw notBegun(plan);
      case StartPlan.Wait plan -> throw notBegun(plan);
      case StartPlan.Refuse plan -> throw notBegun(plan);
      case StartPlan.Fence plan -> throw notBegun(plan);
    };
  }

  /** Decides only; writes nothing. For dry runs and status. */
  public StartPlan dryRun(LocalFacts local) throws IOException {
    return decide(local).plan;
  }

  private static IllegalStateException notBegun(StartPlan plan) {
    return new IllegalStateException("no first object belongs to " + plan);
  }

  private ClaimResult claim(StartPlan.OnHead plan, Decision decision) throws IOException {
    ChainContext context = context();
    if (decision.marker.map(seen -> isAnother(seen, context.marker())).orElse(false)) {
      return new ClaimResult.DecideAgain("the replica was emptied meanwhile");
    }
    boolean isHandedOver =
        plan instanceof StartPlan.Resume
            && handedOver.map(Acknowledged::owner).equals(plan.head().owner());
    return isHandedOver
        ? new ClaimResult.Claimed(Claims.resume(context, handedOver.orElseThrow()))
        : Claims.claim(context, plan, decision.nanos);
  }

  private static boolean isAnother(RootMarker seen, RootMarker now) {
    return !seen.databaseId().equals(now.databaseId());
  }

  private ChainContext context() {
    return new ChainContext(client, state, markers.ensure(), situation.pod, clocks);
  }

  /**
   * @param marker the root marker that the decision is about; empty for none
   * @param nanos when the head was read
   */
  private record Decision(StartPlan plan, Optional<RootMarker> marker, long nanos) {}

  private record Gathered(StartFacts facts, Optional<RootMarker> marker) {
    Decision decide(long nanos) {
      return new Decision(StartPlan.decide(facts), marker, nanos);
    }
  }

  private Decision decide(LocalFacts local) throws IOException {
    while (true) {
      long nanos = clocks.nanos().getAsLong();
      ReplicaHead head = observe();
      Gathered gathered = gather(local, head);
      if (clocks.nanos().getAsLong() - nanos <= ChainContext.FRESH.toNanos() / 2) {
        return gathered.decide(nanos);
      }
      // Reading a large database takes longer than knowledge of the head lasts.
      nanos = clocks.nanos().getAsLong();
      if (observe().equals(head)) {
        return gathered.decide(nanos);
      }
    }
  }

  private ReplicaHead observe() {
    return new HeadReader(client)
        .observe(state.acknowledged().map(recorded -> recorded.position().txid()));
  }

  private Gathered gather(LocalFacts local, ReplicaHead head) throws IOException {
    Optional<RootMarker> marker = Optional.empty();
    ReplicaHead seen = head;
    if (!(head instanceof ReplicaHead.Unreachable)) {
      try {
        marker = markers.readOurs();
      } catch (TidewalException.StoreUnreachable e) {
        seen =
            new ReplicaHead.Unreachable(
                StartProblem.STORE_UNREACHABLE, String.valueOf(e.getMessage()));
      }
    }
    LocalState known = LocalState.of(state, seen, marker, handedOver.isPresent(), situation.pod);
    StartFacts facts =
        new StartFacts(
            state.database().toString(),
            client.url(),
            local.look(seen, known.acknowledged(), Set.of()),
            known,
            seen,
            situation.floor,
            situation.moment,
            situation.choice);
    Set<StartFacts.Need> needs = facts.needs();
    while (!needs.isEmpty()) {
      facts = facts.with(local.look(seen, known.acknowledged(), needs));
      Set<StartFacts.Need> more = facts.needs();
      if (needs.containsAll(more)) {
        break;
      }
      needs.addAll(more);
    }
    return new Gathered(facts, marker);
  }
}
