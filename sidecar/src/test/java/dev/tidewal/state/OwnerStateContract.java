package dev.tidewal.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every state has to keep, on disk or in the memory of the simulator. */
public abstract class OwnerStateContract {
  /** The state as a new process finds it. */
  protected abstract OwnerState reopen() throws IOException;

  /** Hands the acknowledged claim over, as the restore step does. */
  protected abstract void handOver(OwnerState state) throws IOException;

  @Test
  void aNewStateKnowsNothing() throws IOException {
    OwnerState state = reopen();

    assertThat(state.acknowledged()).isEmpty();
    assertThat(state.intent()).isEmpty();
    assertThat(state.fenced()).isEmpty();
    assertThat(state.lostState()).isEmpty();
    assertThat(state.takeHandOver()).isEmpty();
    assertThat(state.isOwn("anyone")).isFalse();
  }

  @Test
  void whatIsAcknowledgedSurvivesTheProcess() throws IOException {
    reopen().acknowledge(States.at(1));
    reopen().acknowledge(States.at(2));

    assertThat(reopen().acknowledged()).contains(States.at(2));
    assertThat(reopen().isOwn(States.at(2).owner())).isTrue();
  }

  @Test
  void aTriedClaimIsOursUntilSomethingIsAcknowledged() throws IOException {
    String first = reopen().newOwner(Optional.empty());
    OwnerState state = reopen();
    String second = state.newOwner(Optional.empty());

    assertThat(first).isNotEqualTo(second);
    assertThat(state.isTried(first)).isTrue();
    assertThat(state.isOwn(first)).isTrue();
    assertThat(state.isOwn(second)).isTrue();

    state.acknowledge(States.at(3, second));

    assertThat(reopen().isOwn(first)).isFalse();
    assertThat(reopen().isOwn(second)).isTrue();
    assertThat(reopen().isTried(second)).isFalse();
  }

  @Test
  void anIntentKeepsEveryClaimThatWasTriedForIt() throws IOException {
    String first = reopen().newOwner(Optional.of(Intent.Kind.RESTORE));
    String second = reopen().newOwner(Optional.of(Intent.Kind.RESTORE));
    reopen().newOwner(Optional.empty());

    assertThat(reopen().intent()).contains(new Intent(Intent.Kind.RESTORE, List.of(first, second)));

    reopen().newOwner(Optional.of(Intent.Kind.KEEP_LOCAL));
    assertThat(reopen().intent().orElseThrow().kind()).isEqualTo(Intent.Kind.KEEP_LOCAL);
  }

  @Test
  void aHandOverIsTakenOnceAndOnlyForTheAcknowledgedOwner() throws IOException {
    OwnerState restore = reopen();
    restore.acknowledge(States.at(1, "a"));
    handOver(restore);

    assertThat(reopen().takeHandOver()).contains(States.at(1, "a"));
    assertThat(reopen().takeHandOver()).isEmpty();

    OwnerState again = reopen();
    handOver(again);
    again.acknowledge(States.at(2, "b"));
    assertThat(reopen().takeHandOver()).isEmpty();
  }

  @Test
  void whatIsUnsettledStaysSoUntilItIsSettled() throws IOException {
    assertThat(reopen().isUnsettled()).isFalse();
    reopen().unsettled();
    reopen().unsettled();
    assertThat(reopen().isUnsettled()).isTrue();

    reopen().settled();

    assertThat(reopen().isUnsettled()).isFalse();
  }

  @Test
  void theFirstFencedMarkOfAPodStays() throws IOException {
    reopen().markFenced(new FencedMark("pod-1", "first", Instant.EPOCH));
    reopen().markFenced(new FencedMark("pod-1", "second", Instant.EPOCH));
    assertThat(reopen().fenced()).contains(new FencedMark("pod-1", "first", Instant.EPOCH));

    reopen().markFenced(new FencedMark("pod-2", "third", Instant.EPOCH));
    assertThat(reopen().fenced().orElseThrow().bindsPod("pod-2")).isTrue();

    reopen().clearFenced();
    assertThat(reopen().fenced()).isEmpty();
  }
}
