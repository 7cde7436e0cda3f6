package dev.tidewal.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.Position;
import dev.tidewal.core.TidewalException;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.FileReplicaClient;
import dev.tidewal.state.Acknowledged;
import dev.tidewal.testing.FaultyReplicaClient;
import dev.tidewal.testing.FaultyReplicaClient.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChainTest {
  @TempDir Path directory;
  private FaultyReplicaClient store;
  private Sidecar one;
  private Sidecar two;

  @BeforeEach
  void open() throws IOException {
    store = new FaultyReplicaClient(new FileReplicaClient(directory.resolve("replica")));
    one = new Sidecar(store, Files.createDirectory(directory.resolve("one")));
    two = new Sidecar(store, Files.createDirectory(directory.resolve("two")));
    two.pod = "pod-2";
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  @Test
  void theFirstObjectOfAnEmptyReplicaIsTheClaim() throws IOException {
    Chain chain = one.first(1);

    ReplicaHead.At head = one.headAt();
    assertThat(head.txid()).isEqualTo(Sidecar.txid(1));
    assertThat(head.owner()).contains(chain.owner());
    assertThat(head.isClaim()).isFalse();
    assertThat(recorded(one).position()).isEqualTo(head.position());
    assertThat(recorded(one).fileChecksum()).isEqualTo(head.fileChecksum());
  }

  @Test
  void anAppendIsTheNextTxidAndOnDiskBeforeItReturns() throws IOException {
    Chain chain = one.first(1);

    AppendResult.Acknowledged result = acknowledged(chain.append(one.batch(2)));

    assertThat(result).isInstanceOf(AppendResult.Appended.class);
    assertThat(result.stored()).isEqualTo(chain.head()).isEqualTo(StoredBatch.of(one.headAt()));
    one.restart();
    assertThat(recorded(one).position()).isEqualTo(result.stored().position());
    assertThat(recorded(one).wal()).contains(Sidecar.point(2));
    assertThat(recorded(one).owner()).isEqualTo(chain.owner());
  }

  @Test
  void aClaimRepeatsTheHeadWithoutPagesUnderANewOwner() throws IOException {
    Chain first = one.first(1);
    ReplicaHead.At before = one.headAt();

    Chain second = two.resume();

    ReplicaHead.At claim = two.headAt();
    assertThat(claim.isClaim()).isTrue();
    assertThat(claim.txid()).isEqualTo(before.txid().next());
    assertThat(claim.position().checksum()).isEqualTo(before.position().checksum());
    assertThat(claim.span()).isEqualTo(before.span());
    assertThat(claim.end()).isEqualTo(before.end()).contains(Sidecar.point(1));
    assertThat(claim.commit()).isEqualTo(before.commit());
    assertThat(claim.owner()).contains(second.owner()).isNotEqualTo(before.owner());
    assertThat(first.owner()).isNotEqualTo(second.owner());
    assertThat(recorded(two).fileChecksum()).isEqualTo(claim.fileChecksum());
  }

  @Test
  void theOwnerIdIsOnDiskBeforeTheClaimIsTried() throws IOException {
    one.first(1);
    store.on(Operation.WRITE).times(1).loseAnswer();

    assertThatThrownBy(two::resume).isInstanceOf(TidewalException.StoreUnreachable.class);

    two.restart();
    assertThat(two.headAt().isClaim()).isTrue();
    assertThat(two.state.isOwn(two.headAt().owner().orElseThrow())).isTrue();
  }

  @Test
  void theStaleOwnerIsFencedByTheClaimBeforeItAcknowledges() throws IOException {
    Chain stale = one.first(1);
    two.resume();
    Acknowledged before = recorded(one);

    assertThatThrownBy(() -> stale.append(one.batch(2)))
        .isInstanceOf(TidewalException.Fenced.class)
        .hasMessageContaining("another owner wrote 0000000000000002");

    assertThat(recorded(one)).isEqualTo(before);
    assertThat(one.state.fenced().orElseThrow().bindsPod("pod-1")).isTrue();
    store.forgetRequests();
    assertThatThrownBy(() -> stale.append(one.batch(2)))
        .isInstanceOf(TidewalException.Fenced.class);
    assertThatThrownBy(stale::assureOwner).isInstanceOf(TidewalException.Fenced.class);
    assertThat(store.requests()).isEmpty();
  }

  @Test
  void whoIsSecondToClaimDecidesAgain() throws IOException {
    one.first(1);
    ReplicaHead.At decidedOn = one.headAt();
    two.resume();

    assertThat(one.claim(decidedOn)).isInstanceOf(ClaimResult.DecideAgain.class);
    assertThat(Claims.first(one.context(), one.batch(1), 0))
        .isInstanceOf(ClaimResult.DecideAgain.class);
  }

  @Test
  void aDecisionOlderThanAMinuteIsNotClaimed() throws IOException {
    one.first(1);
    ReplicaHead.At decidedOn = one.headAt();
    long decided = two.nanos.get();
    two.pass(Duration.ofSeconds(61));

    ClaimResult result =
        Claims.claim(
            two.context(), new StartPlan.Resume(StartProblem.RESUMED, "", decidedOn), decided);

    assertThat(result).isInstanceOf(ClaimResult.DecideAgain.class);
    assertThat(one.objects()).containsExactly(1L);
  }

  @Test
  void anUploadWhoseAnswerWasLostIsAdoptedWithWhatItHolds() throws IOException {
    Chain chain = one.first(1);
    store.on(Operation.WRITE).times(1).loseAnswer();
    assertThatThrownBy(() -> chain.append(one.batch(2)))
        .isInstanceOf(TidewalException.StoreUnreachable.class);
    assertThat(recorded(one).position().txid()).isEqualTo(Sidecar.txid(1));

    AppendResult.Acknowledged result = acknowledged(chain.append(one.batch(3)));

    assertThat(result).isInstanceOf(AppendResult.Adopted.class);
    assertThat(result.stored().end()).contains(Sidecar.point(2));
    assertThat(result.stored()).isEqualTo(StoredBatch.of(one.headAt()));
    assertThat(recorded(one).wal()).contains(Sidecar.point(2));
    assertThat(acknowledged(chain.append(one.batch(3))).stored().position().txid())
        .isEqualTo(Sidecar.txid(3));
  }

  @Test
  void anUploadThatNeverArrivedIsSentAgain() throws IOException {
    Chain chain = one.first(1);
    store.on(Operation.WRITE).times(1).unreachable();
    assertThatThrownBy(() -> chain.append(one.batch(2)))
        .isInstanceOf(TidewalException.StoreUnreachable.class);

    assertThat(chain.append(one.batch(2))).isInstanceOf(AppendResult.Appended.class);
  }

  @Test
  void afterAMinuteAnUploadOfUnknownOutcomeIsLookedForFirst() throws IOException {
    Chain chain = one.first(1);
    store.on(Operation.WRITE).times(1).loseAnswer();
    assertThatThrownBy(() -> chain.append(one.batch(2)))
        .isInstanceOf(TidewalException.StoreUnreachable.class);
    one.pass(Duration.ofSeconds(61));
    store.forgetRequests();

    assertThat(chain.append(one.batch(3))).isInstanceOf(AppendResult.Adopted.class);
    assertThat(store.count(Operation.WRITE)).isZero();
  }

  @Test
  void aProcessThatWasStoppedForAMinuteLooksBeforeItWrites() throws IOException {
    Chain chain = one.first(1);
    chain.append(one.batch(2));
    one.pass(Duration.ofSeconds(59));
    store.forgetRequests();
    chain.append(one.batch(3));
    assertThat(store.requests()).hasSize(1);

    one.pass(Duration.ofSeconds(61));
    store.forgetRequests();
    chain.append(one.batch(4));

    assertThat(store.requests().getFirst().operation()).isEqualTo(Operation.READ_DOCUMENT);
    assertThat(store.requests().getLast().operation()).isEqualTo(Operation.WRITE);
  }

  @Test
  void anOwnerThatRetentionPassedIsFenced() throws IOException {
    Chain paused = one.first(1);
    paused.append(one.batch(2));
    Chain other = two.resume();
    other.append(two.batch(3));
    store.delete(List.of(batch(1), batch(2), batch(3)));
    one.pass(Duration.ofHours(2));

    assertThatThrownBy(() -> paused.append(one.batch(3)))
        .isInstanceOf(TidewalException.Fenced.class)
        .hasMessageContaining("our head 0000000000000002 was deleted");
    assertThat(one.objects()).containsExactly(4L);
  }

  @Test
  void anOwnUploadThatOthersBuiltOnAndRetentionDeletedIsNotSentAgain() throws IOException {
    Chain paused = one.first(1);
    store.on(Operation.WRITE).times(1).loseAnswer();
    assertThatThrownBy(() -> paused.append(one.batch(2)))
        .isInstanceOf(TidewalException.StoreUnreachable.class);
    two.resume().append(two.batch(3));
    store.delete(List.of(batch(2)));
    one.pass(Duration.ofHours(2));

    assertThatThrownBy(() -> paused.append(one.batch(2)))
        .isInstanceOf(TidewalException.Fenced.class)
        .hasMessageContaining("another owner went on after 0000000000000002");
    assertThat(one.objects()).containsExactly(1L, 3L, 4L);
  }

  @Test
  void anAdoptedObjectThatIsDeletedWhileItIsReadFences() throws IOException {
    Chain chain = one.first(1);
    store.on(Operation.WRITE).times(1).loseAnswer();
    assertThatThrownBy(() -> chain.append(one.batch(2)))
        .isInstanceOf(TidewalException.StoreUnreachable.class);
    store
        .on(Operation.OPEN)
        .key(batch(2))
        .fail(() -> new TidewalException.NotFound("gone (injected)"));

    assertThatThrownBy(() -> chain.append(one.batch(2)))
        .isInstanceOf(TidewalException.Fenced.class);
  }

  @Test
  void anObjectThatVanishesBetweenTheConflictAndTheLookFences() throws IOException {
    Chain stale = one.first(1);
    two.resume();
    store
        .on(Operation.STAT)
        .key(batch(2))
        .fail(() -> new TidewalException.NotFound("gone (injected)"));

    assertThatThrownBy(() -> stale.append(one.batch(2)))
        .isInstanceOf(TidewalException.Fenced.class);
  }

  @Test
  void assureOwnerPassesTheOwnerAndFencesTheStaleOne() throws IOException {
    Chain stale = one.first(1);
    stale.assureOwner();
    Chain owner = two.resume();

    owner.assureOwner();
    assertThatThrownBy(stale::assureOwner).isInstanceOf(TidewalException.Fenced.class);
    assertThat(stale.isFenced()).isTrue();
  }

  @Test
  void assureOwnerTakesAnOwnUploadInFlightForOurs() throws IOException {
    Chain chain = one.first(1);
    store.on(Operation.WRITE).times(1).loseAnswer();
    assertThatThrownBy(() -> chain.append(one.batch(2)))
        .isInstanceOf(TidewalException.StoreUnreachable.class);

    chain.assureOwner();

    assertThat(chain.isFenced()).isFalse();
  }

  @Test
  void timestampsNeverGoBackAcrossOwners() throws IOException {
    Chain chain = one.first(1);
    Instant ahead = one.wall.plus(Duration.ofDays(1));
    chain.append(one.batch(2, ahead));

    Chain other = two.resume();
    assertThat(two.headAt().timestamp()).isEqualTo(ahead);
    assertThat(acknowledged(other.append(two.batch(3))).stored().timestamp()).isEqualTo(ahead);
  }

  @Test
  void aStateThatCannotBeWrittenIsNotAnAcknowledgement() throws IOException {
    Chain chain = one.first(1);
    one.state.close();

    assertThatThrownBy(() -> chain.append(one.batch(2))).isInstanceOf(IOException.class);

    assertThat(chain.head().position().txid()).isEqualTo(Sidecar.txid(1));
    assertThatThrownBy(() -> chain.append(one.batch(2))).isInstanceOf(IOException.class);
    assertThat(one.objects()).containsExactly(1L, 2L);
  }

  @Test
  void aHandedOverClaimIsUsedOnceAndLookedAtFirst() throws IOException {
    one.first(1);
    one.state.handOver();
    one.restart();
    Acknowledged handedOver = one.state.takeHandOver().orElseThrow();
    assertThat(one.state.takeHandOver()).isEmpty();
    Chain chain = Claims.resume(one.context(), handedOver);
    store.forgetRequests();

    chain.append(one.batch(2));

    assertThat(one.objects()).containsExactly(1L, 2L);
    assertThat(store.requests().getFirst().operation()).isEqualTo(Operation.READ_DOCUMENT);
  }

  @Test
  void aHandedOverClaimThatSomeoneElsePassedFences() throws IOException {
    one.first(1);
    one.state.handOver();
    Chain chain = Claims.resume(one.context(), one.state.takeHandOver().orElseThrow());
    two.resume();

    assertThatThrownBy(() -> chain.append(one.batch(2)))
        .isInstanceOf(TidewalException.Fenced.class);
  }

  @Test
  void withoutConditionsAWriterLooksBeforeEachWrite() throws IOException {
    one.fencing = Fencing.UNFENCED;
    two.fencing = Fencing.UNFENCED;
    Chain stale = one.first(1);
    two.resume().append(two.batch(2));

    assertThatThrownBy(() -> stale.append(one.batch(2)))
        .isInstanceOf(TidewalException.Fenced.class);
    assertThat(one.objects()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void withoutConditionsALateUploadReplacesNothingThatCounts() throws IOException {
    one.fencing = Fencing.UNFENCED;
    Chain chain = one.first(1);
    store.on(Operation.WRITE).times(1).arriveLate();
    assertThatThrownBy(() -> chain.append(one.batch(2)))
        .isInstanceOf(TidewalException.StoreUnreachable.class);

    AppendResult passed = chain.append(one.batch(3));
    assertThat(passed).isInstanceOf(AppendResult.Passed.class);
    assertThat(chain.head().end()).contains(Sidecar.point(1));
    chain.append(one.batch(3));
    store.deliverLate();

    assertThat(chain.head()).isEqualTo(StoredBatch.of(one.headAt()));
    assertThat(chain.head().end()).contains(Sidecar.point(3));
    assertThat(one.objects()).containsExactly(1L, 2L, 3L);
    chain.assureOwner();
  }

  @Test
  void whatIsThereDoesNotCountOnceItsTxidWasGivenUp() throws IOException {
    one.fencing = Fencing.UNFENCED;
    Chain chain = one.first(1);
    store.on(Operation.WRITE).times(2).arriveLate();
    assertThatThrownBy(() -> chain.append(one.batch(2)))
        .isInstanceOf(TidewalException.StoreUnreachable.class);
    assertThatThrownBy(() -> chain.append(one.batch(3)))
        .isInstanceOf(TidewalException.StoreUnreachable.class);
    store.deliverLate();

    assertThat(chain.append(one.batch(3))).isInstanceOf(AppendResult.Passed.class);
    assertThat(chain.head().end()).contains(Sidecar.point(1));
  }

  @Test
  void aTxidThatWasGivenUpAndTakenByAnotherFences() throws IOException {
    one.fencing = Fencing.UNFENCED;
    Chain chain = one.first(1);
    store.on(Operation.WRITE).times(2).unreachable();
    assertThatThrownBy(() -> chain.append(one.batch(2)))
        .isInstanceOf(TidewalException.StoreUnreachable.class);
    assertThatThrownBy(() -> chain.append(one.batch(2)))
        .isInstanceOf(TidewalException.StoreUnreachable.class);
    two.resume();

    assertThatThrownBy(() -> chain.append(one.batch(2)))
        .isInstanceOf(TidewalException.Fenced.class);
  }

  @Test
  void withoutConditionsAllPagesFollowAClaimThatALateUploadMayReplace() throws IOException {
    one.fencing = Fencing.UNFENCED;
    Chain first = one.first(1);
    assertThat(first.mustSendAll()).isFalse();
    one.restart();

    Chain stopped = one.resume();
    assertThat(stopped.mustSendAll()).isTrue();
    stopped.leave();
    assertThat(one.state.isUnsettled()).as("all pages were not sent yet").isTrue();
    one.restart();

    Chain afterCrash = one.resume();
    assertThat(afterCrash.mustSendAll()).isTrue();
    afterCrash.append(one.batch(2));
    afterCrash.sentAll();
    afterCrash.leave();
    assertThat(one.state.isUnsettled()).isFalse();
    assertThat(one.resume().mustSendAll()).as("after a clean end").isFalse();
    assertThat(two.resume().mustSendAll()).as("after another owner").isTrue();
  }

  @Test
  void aLateUploadThatReplacesOurClaimIsNoTakeover() throws IOException {
    one.fencing = Fencing.UNFENCED;
    Chain killed = one.first(1);
    store.on(Operation.WRITE).times(1).arriveLate();
    assertThatThrownBy(() -> killed.append(one.batch(2)))
        .isInstanceOf(TidewalException.StoreUnreachable.class);
    one.restart();
    Chain afterCrash = one.resume();
    store.deliverLate();
    one.pass(Duration.ofSeconds(61));

    afterCrash.assureOwner();
    assertThat(afterCrash.append(one.batch(3))).isInstanceOf(AppendResult.Appended.class);
    afterCrash.sentAll();

    afterCrash.assureOwner();
    assertThat(one.state.fenced()).isEmpty();
    two.resume();
    assertThatThrownBy(afterCrash::assureOwner).isInstanceOf(TidewalException.Fenced.class);
  }

  @Test
  void whoTakesOverWhatALateUploadMayReplaceFences() throws IOException {
    one.fencing = Fencing.UNFENCED;
    two.fencing = Fencing.UNFENCED;
    one.first(1);
    one.restart();
    Chain afterCrash = one.resume();
    two.resume();

    assertThatThrownBy(afterCrash::assureOwner).isInstanceOf(TidewalException.Fenced.class);
  }

  /** It hung in a look at the store until nobody waited for it any more. */
  @Test
  void anAppendThatComesAfterTheEndStoresNothing() throws IOException {
    one.fencing = Fencing.UNFENCED;
    Chain chain = one.first(1);
    store
        .on(Operation.STAT)
        .times(1)
        .fail(() -> {
          leave(chain);
          return new TidewalException.NotFound("not there (injected)");
        });

    assertThatThrownBy(() -> chain.append(one.batch(2)))
        .isInstanceOf(TidewalException.StoreUnreachable.class);

    assertThat(one.state.isUnsettled()).isFalse();
    assertThat(one.objects()).containsExactly(1L);
  }

  private static void leave(Chain chain) {
    try {
      chain.leave();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anUploadThatMayStillArriveIsRememberedBeyondTheEnd() throws IOException {
    one.fencing = Fencing.UNFENCED;
    Chain chain = one.first(1);
    store.on(Operation.WRITE).times(1).arriveLate();
    assertThatThrownBy(() -> chain.append(one.batch(2)))
        .isInstanceOf(TidewalException.StoreUnreachable.class);

    chain.leave();

    assertThat(one.state.isUnsettled()).isTrue();
  }

  @Test
  void withConditionsNothingIsPassedAndNothingIsUnsettled() throws IOException {
    Chain chain = one.first(1);
    store.on(Operation.WRITE).times(1).arriveLate();
    assertThatThrownBy(() -> chain.append(one.batch(2)))
        .isInstanceOf(TidewalException.StoreUnreachable.class);

    assertThat(chain.append(one.batch(3))).isInstanceOf(AppendResult.Appended.class);
    assertThatThrownBy(store::deliverLate).isInstanceOf(TidewalException.PreconditionFailed.class);
    assertThat(chain.head()).isEqualTo(StoredBatch.of(one.headAt()));
    assertThat(one.state.isUnsettled()).isFalse();
    assertThat(two.resume().mustSendAll()).isFalse();
  }

  @Test
  void aFullSnapshotAboveTheFloorRestartsALostReplica() throws IOException {
    one.first(1);
    one.state.acknowledge(moved(recorded(one), 500));
    store.deleteAll();

    Chain chain =
        restart(
            new StartPlan.RestartChain(
                StartProblem.REPLICA_LOST, "", Optional.empty(), Sidecar.txid(501)));

    assertThat(chain.head().position().txid()).isEqualTo(Sidecar.txid(501));
    assertThat(one.headAt().isClaim()).isTrue();
    assertThat(one.objects()).containsExactly(1L, 501L);
    assertThat(store.stat(new LtxName(1, Sidecar.txid(2), Sidecar.txid(501)))).isNotNull();
    assertThat(acknowledged(chain.append(one.batch(2))).stored().position().txid())
        .isEqualTo(Sidecar.txid(502));
  }

  @Test
  void anOwnerWhoseReplicaWasEmptiedFindsOut() throws IOException {
    Chain chain = one.first(1);
    chain.append(one.batch(2));
    store.deleteAll();
    chain.append(one.batch(3)); // the store takes it as if nothing had happened

    assertThatThrownBy(chain::assureOwner)
        .isInstanceOf(TidewalException.StoreUnreachable.class)
        .hasMessageContaining("was emptied");
    assertThat(chain.append(one.batch(4)))
        .isInstanceOfSatisfying(
            AppendResult.Lost.class, lost -> assertThat(lost.why()).contains("root marker"));
    assertThat(one.objects()).containsExactly(3L);
    assertThat(one.state.fenced()).isEmpty();
  }

  @Test
  void anOwnerWhoseObjectsAreBeingDeletedStartsAnewAndIsNotFenced() throws IOException {
    Chain chain = one.first(1);
    chain.append(one.batch(2));
    store.delete(List.of(batch(2)));

    assertThatThrownBy(chain::assureOwner)
        .isInstanceOf(TidewalException.StoreUnreachable.class)
        .hasMessageContaining("is being emptied");
    assertThat(chain.append(one.batch(3))).isInstanceOf(AppendResult.Lost.class);
    assertThat(one.state.fenced()).isEmpty();
  }

  @Test
  void anOwnerThatRestedFindsOutBeforeItSaysDurable() throws IOException {
    Chain chain = one.first(1);
    store.deleteAll();
    one.pass(Duration.ofMinutes(2));

    assertThatThrownBy(() -> chain.append(one.batch(2)))
        .isInstanceOf(TidewalException.StoreUnreachable.class);

    assertThat(chain.append(one.batch(2))).isInstanceOf(AppendResult.Lost.class);
    assertThat(one.objects()).isEmpty();
  }

  @Test
  void anOwnerWhoseReplicaWasBegunAnewByOthersIsFenced() throws IOException {
    Chain chain = one.first(1);
    store.deleteAll();
    two.first(7);

    assertThatThrownBy(chain::assureOwner).isInstanceOf(TidewalException.Fenced.class);
  }

  @Test
  void theNextStartSeesThatTheReplicaWasEmptied() throws IOException {
    Chain chain = one.first(1);
    store.deleteAll();
    chain.append(one.batch(2));

    LocalState known = LocalState.of(one.state, one.head(), Optional.empty(), false, one.pod);

    assertThat(known.headIsRemnant()).isTrue();
    Optional<RootMarker> other =
        Optional.of(new RootMarker("f".repeat(32), "", Fencing.CONDITIONAL_CREATE, "test"));
    assertThat(LocalState.of(one.state, one.head(), other, false, one.pod).headIsRemnant())
        .isTrue();
    Optional<RootMarker> same = Optional.of(one.context().marker());
    one.resume();
    assertThat(LocalState.of(one.state, one.head(), same, false, one.pod).headIsRemnant())
        .isFalse();
  }

  @Test
  void whatIsLeftOfALostReplicaIsClaimedAndCovered() throws IOException {
    one.first(1);
    ReplicaHead.At left = one.headAt();
    one.state.acknowledge(moved(recorded(one), 500));

    Chain chain =
        restart(
            new StartPlan.RestartChain(
                StartProblem.REPLICA_LOST, "", Optional.of(left), Sidecar.txid(501)));

    assertThat(one.objects()).containsExactly(1L, 2L, 501L);
    assertThat(store.stat(LtxName.snapshot(Sidecar.txid(501)))).isNotNull();
    assertThat(chain.head().end()).contains(Sidecar.point(9));
    assertThat(recorded(one).position().txid()).isEqualTo(Sidecar.txid(501));
  }

  @Test
  void aCrashInARestartLeavesTheFloor() throws IOException {
    one.first(1);
    one.state.acknowledge(moved(recorded(one), 500));
    store.deleteAll();
    store.on(Operation.WRITE).key("L1/").unreachable();

    assertThatThrownBy(() ->
            restart(
                new StartPlan.RestartChain(
                    StartProblem.REPLICA_LOST, "", Optional.empty(), Sidecar.txid(501))))
        .isInstanceOf(TidewalException.StoreUnreachable.class);

    assertThat(recorded(one).position().txid()).isEqualTo(Sidecar.txid(500));
  }

  @Test
  void keepingTheLocalSideProtectsTheOther() throws IOException {
    one.first(1);
    ReplicaHead.At head = one.headAt();

    Sidecar.claimed(
        Claims.claim(
            two.context(),
            new StartPlan.KeepLocal(StartProblem.DIVERGED_KEPT_LOCAL, "", head),
            two.nanos.get()));

    assertThat(Branches.read(store))
        .singleElement()
        .satisfies(branch -> {
          assertThat(branch.txid()).isEqualTo(head.txid());
          assertThat(branch.until()).isAfter(Instant.now().plus(Duration.ofDays(6)));
        });
    assertThat(two.state.intent()).isPresent();
  }

  private static AppendResult.Acknowledged acknowledged(AppendResult result) {
    assertThat(result).isInstanceOf(AppendResult.Acknowledged.class);
    return (AppendResult.Acknowledged) result;
  }

  private Chain restart(StartPlan.RestartChain plan) throws IOException {
    return Sidecar.claimed(Claims.restart(one.context(), plan, one.batch(9), one.nanos.get()));
  }

  private static Acknowledged recorded(Sidecar sidecar) {
    return sidecar.state.acknowledged().orElseThrow();
  }

  private static Acknowledged moved(Acknowledged state, long txid) {
    return new Acknowledged(
        new Position(Sidecar.txid(txid), state.position().checksum()),
        state.wal(),
        state.commit(),
        state.pageSize(),
        state.backfilled(),
        state.owner(),
        state.fileChecksum(),
        state.timestamp(),
        state.databaseId(),
        state.clusterId());
  }

  private static LtxName batch(long txid) {
    return LtxName.batch(Sidecar.txid(txid));
  }
}
