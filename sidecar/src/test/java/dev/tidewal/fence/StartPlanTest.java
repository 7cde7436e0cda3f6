package dev.tidewal.fence;

import static dev.tidewal.fence.Facts.HEAD;
import static dev.tidewal.fence.Facts.nothing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.Position;
import dev.tidewal.core.Txid;
import dev.tidewal.fence.Choice.Side;
import dev.tidewal.fence.LocalDatabase.Answer;
import dev.tidewal.state.Intent;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each row of the start table, and the questions around it. */
class StartPlanTest {

  // --- replica lost ---

  @Test
  void aProvenLocalFileGoesOnAboveAllWhenTheReplicaIsEmpty() {
    StartPlan plan = nothing().fileUpTo(HEAD).recorded(HEAD).decide();

    assertThat(plan)
        .isInstanceOfSatisfying(
            StartPlan.RestartChain.class,
            restart -> {
              assertThat(restart.problem()).isEqualTo(StartProblem.REPLICA_LOST);
              assertThat(restart.head()).isEmpty();
              assertThat(restart.upTo()).isEqualTo(new Txid(HEAD + 1));
            });
  }

  @Test
  void aReplicaThatLostItsEndIsCoveredFromAboveTheFloor() {
    StartPlan plan = nothing().headOf("us").fileUpTo(HEAD + 5).recorded(HEAD + 5).decide();

    assertThat(plan)
        .isInstanceOfSatisfying(
            StartPlan.RestartChain.class,
            restart -> {
              assertThat(restart.head()).isPresent();
              assertThat(restart.upTo()).isEqualTo(new Txid(HEAD + 6));
            });
  }

  @Test
  void theNewChainIsNeverItsOwnClaim() {
    Floor other = Floor.at(new Position(new Txid(HEAD), 4711), "the operator");

    StartPlan plan =
        nothing().headOf("us").fileUpTo(HEAD).choose(Choice.keep(Side.LOCAL)).floor(other).decide();

    assertThat(plan)
        .isInstanceOfSatisfying(
            StartPlan.RestartChain.class,
            restart -> assertThat(restart.upTo()).isEqualTo(new Txid(HEAD + 2)));
  }

  @Test
  void aFileThatHoldsTheRecordedPagesIsProvenToo() {
    Facts facts = nothing().file(new LocalWal.None()).recorded(HEAD);

    assertThat(facts.facts().needs()).contains(StartFacts.Need.CONTENT);
    assertThat(facts.contentOf(HEAD).row()).isEqualTo(StartRow.REPLICA_LOST);
    assertThat(facts.contentOf(HEAD + 1).row()).isEqualTo(StartRow.DIVERGED);
  }

  @Test
  void aFileWhoseWalWasRestartedIsBelievedWhereNothingElseIsLeft() {
    Facts facts = nothing().file(Facts.restartedWal()).recorded(HEAD, true);

    assertThat(facts.facts().needs()).isEmpty();
    assertThat(facts.row()).isEqualTo(StartRow.REPLICA_LOST);
    assertThat(facts.besideApplication().decide()).isInstanceOf(StartPlan.RestartChain.class);
    assertThat(nothing().file(Facts.forkedWal()).recorded(HEAD).contentOf(7).row())
        .isEqualTo(StartRow.DIVERGED);
  }

  @Test
  void aFileThatWasToBeKeptAndThenLostItsEndIsNotKept() {
    Facts facts = nothing().headOf("us").recorded(HEAD).intent(Intent.Kind.KEEP_LOCAL);

    assertThat(facts.fileUpTo(HEAD).row()).isEqualTo(StartRow.DIVERGED_KEPT_LOCAL);
    assertThat(facts.fileUpTo(HEAD - 3).row()).isEqualTo(StartRow.LOCAL_BEHIND);
  }

  @Test
  void whatWasSentAfterTheReplicaWasEmptiedIsNoReplica() {
    Facts facts = nothing().headOf("us").fileUpTo(HEAD).recorded(HEAD).remnant();

    assertThat(facts.decide())
        .isInstanceOfSatisfying(
            StartPlan.RestartChain.class,
            restart -> {
              assertThat(restart.head()).isPresent();
              assertThat(restart.upTo()).isEqualTo(new Txid(HEAD + 2));
            });
    assertThat(facts.with(new LocalDatabase.Missing()).decide())
        .isInstanceOf(StartPlan.Refuse.class);
  }

  @Test
  void aWitnessThatKnowsMoreThanTheLocalFileIsHeeded() {
    Facts facts = nothing().fileUpTo(HEAD).recorded(HEAD).floor(HEAD + 1);

    assertThat(facts.row()).isEqualTo(StartRow.DIVERGED);
    assertThat(facts.decide())
        .isInstanceOf(StartPlan.Refuse.class)
        .extracting(StartPlan::problem)
        .isEqualTo(StartProblem.REPLICA_LOST);
  }

  // --- data missing ---

  @Test
  void withoutAFileAnEmptyReplicaIsALossWhenAStateOrAFloorKnewMore() {
    for (Facts facts :
        new Facts[] {nothing().recorded(HEAD), nothing().floor(HEAD), nothing().lostState()}) {
      assertThat(facts.decide())
          .isInstanceOf(StartPlan.Refuse.class)
          .extracting(StartPlan::problem)
          .isEqualTo(StartProblem.REPLICA_LOST);
    }
  }

  @Test
  void withoutAFileAReplicaBelowTheFloorIsRefused() {
    for (Facts facts :
        new Facts[] {
          nothing().headOf("us").floor(HEAD + 1), nothing().headOf("us").recorded(HEAD + 1)
        }) {
      assertThat(facts.decide())
          .isInstanceOf(StartPlan.Refuse.class)
          .extracting(StartPlan::problem)
          .isEqualTo(StartProblem.BELOW_FLOOR);
    }
  }

  @Test
  void anotherStateUnderTheFloorsTxidDoesNotReachIt() {
    Floor other = Floor.at(new Position(new Txid(HEAD), 4711), "the operator");
    Floor unknown = Floor.at(new Position(new Txid(HEAD), 0), "the operator");

    assertThat(nothing().headOf("us").floor(other).row()).isEqualTo(StartRow.DATA_MISSING);
    assertThat(nothing().headOf("us").floor(unknown).row()).isEqualTo(StartRow.RESTORED);
  }

  @Test
  void aLossThatIsAcceptedByItsTxidIsRestored() {
    Facts short_ = nothing().headOf("us").floor(HEAD + 1);

    assertThat(short_.choose(Choice.accept(new Txid(HEAD))).row()).isEqualTo(StartRow.RESTORED);
    assertThat(short_.choose(Choice.accept(new Txid(HEAD - 1))).row())
        .isEqualTo(StartRow.DATA_MISSING);
    assertThat(nothing().recorded(HEAD).choose(Choice.accept(Txid.ZERO)).row())
        .isEqualTo(StartRow.FRESH);
  }

  // --- fresh, adopted, restored ---

  @Test
  void nothingAnywhereIsFresh() {
    assertThat(nothing().decide())
        .isInstanceOf(StartPlan.FirstSnapshot.class)
        .extracting(StartPlan::problem)
        .isEqualTo(StartProblem.FRESH);
  }

  @Test
  void aFileWithoutHistoryIsAdoptedByAnEmptyReplica() {
    assertThat(nothing().fileUpTo(HEAD).besideApplication().decide())
        .isInstanceOf(StartPlan.FirstSnapshot.class)
        .extracting(StartPlan::problem)
        .isEqualTo(StartProblem.ADOPTED);
  }

  @Test
  void aFileWithoutStateDoesNotReplaceWhatAWitnessKnows() {
    assertThat(nothing().fileUpTo(HEAD).floor(HEAD).decide())
        .isInstanceOf(StartPlan.Refuse.class)
        .extracting(StartPlan::problem)
        .isEqualTo(StartProblem.REPLICA_LOST);
  }

  @Test
  void withoutAFileTheReplicaIsRestoredWhoeverWroteIt() {
    for (String owner : new String[] {"us", "them"}) {
      Facts facts = nothing().headOf(owner).recorded(HEAD).besideApplication();

      assertThat(facts.decide())
          .isInstanceOfSatisfying(
              StartPlan.Restore.class,
              restore -> {
                assertThat(restore.problem()).isEqualTo(StartProblem.RESTORED);
                assertThat(restore.intent()).contains(Intent.Kind.RESTORE);
              });
    }
  }

  // --- the last owner ---

  @Test
  void aWalThatContinuesTheHeadIsResumed() {
    assertThat(nothing().headOf("us").fileUpTo(HEAD + 3).recorded(HEAD).decide())
        .isInstanceOf(StartPlan.Resume.class);
  }

  @Test
  void anOwnUploadThatWasNotRecordedIsResumedFromItsEnd() {
    Facts facts = nothing().headOf("us").fileUpTo(HEAD + 3).recorded(HEAD - 1);

    assertThat(facts.decide())
        .isInstanceOfSatisfying(
            StartPlan.Resume.class,
            resume -> assertThat(resume.head().txid()).isEqualTo(new Txid(HEAD)));
  }

  @Test
  void theVeryFirstUploadCountsWithoutAnyRecord() {
    Facts facts = nothing().headAt(1, Optional.of("us"), false).ours();

    assertThat(facts.file(new LocalWal.Present(Facts.point(1), java.util.List.of())).row())
        .isEqualTo(StartRow.RESUMED);
    assertThat(facts.file(Facts.restartedWal()).row()).isEqualTo(StartRow.RESYNCED);
  }

  @Test
  void aRestartedWalIsResyncedByDifference() {
    Facts facts = nothing().headOf("us").file(Facts.restartedWal());

    assertThat(facts.recorded(HEAD).decide()).isInstanceOf(StartPlan.Resync.class);
    assertThat(facts.recorded(HEAD - 1).decide())
        .isInstanceOf(StartPlan.Resync.class)
        .extracting(StartPlan::problem)
        .isEqualTo(StartProblem.RESYNCED);
  }

  @Test
  void aHeadTwoAheadOfTheRecordIsNotResynced() {
    Facts facts = nothing().headOf("us").file(Facts.restartedWal()).recorded(HEAD - 2);

    assertThat(facts.row()).isEqualTo(StartRow.DIVERGED);
  }

  @Test
  void aClaimOfOursThatWasNeverAnsweredIsNoDistance() {
    Facts claimed =
        nothing()
            .headAt(HEAD, Optional.of("us"), true)
            .file(Facts.restartedWal())
            .recorded(HEAD - 7)
            .triedClaim();

    assertThat(claimed.row()).isEqualTo(StartRow.RESYNCED);
    assertThat(claimed.intent(Intent.Kind.RESTORE).row()).isEqualTo(StartRow.LOCAL_BEHIND);
    assertThat(claimed.intent(Intent.Kind.KEEP_LOCAL).row())
        .isEqualTo(StartRow.DIVERGED_KEPT_LOCAL);
  }

  @Test
  void aWalThatIsGoneIsNoForkWhenAllWasBackfilled() {
    Facts gone = nothing().headOf("us").file(new LocalWal.None());

    assertThat(gone.recorded(HEAD, true).row()).isEqualTo(StartRow.RESYNCED);
    assertThat(gone.recorded(HEAD, false).row()).isEqualTo(StartRow.DIVERGED_KEPT_LOCAL);
    assertThat(gone.recorded(HEAD, false).facts().needs()).contains(StartFacts.Need.SENT_PAGES);
    assertThat(gone.recorded(HEAD, false).sentPages(Answer.YES).row()).isEqualTo(StartRow.RESYNCED);
    assertThat(gone.recorded(HEAD - 1, true).row()).isEqualTo(StartRow.DIVERGED_KEPT_LOCAL);
  }

  @Test
  void aFileThatNobodyWroteToSinceACleanStopIsResumedWhateverBecameOfTheWal() {
    for (boolean hasTail : new boolean[] {false, true}) {
      Facts left = nothing().headOf("us").file(new LocalWal.Successor(hasTail));

      assertThat(left.recorded(HEAD, true).row()).isEqualTo(StartRow.RESUMED);
      assertThat(left.recorded(HEAD, true).besideApplication().decide())
          .isInstanceOf(StartPlan.Resume.class);
      assertThat(left.headOf("them").recorded(HEAD, true).row())
          .as("another owner went on")
          .isEqualTo(hasTail ? StartRow.DIVERGED : StartRow.ADOPTED);
    }
  }

  @Test
  void aSuccessorOfAnOlderStateThanTheHeadProvesNothing() {
    Facts left = nothing().headOf("us").file(new LocalWal.Successor(true));

    assertThat(left.recorded(HEAD, false).row()).isEqualTo(StartRow.RESYNCED);
    assertThat(left.recorded(HEAD - 1, true).row()).isEqualTo(StartRow.RESYNCED);
    assertThat(left.recorded(HEAD - 3, true).row()).isEqualTo(StartRow.DIVERGED);
  }

  @Test
  void anOwnClaimAfterTheBackfillChangesNothing() {
    Facts claimed = nothing().headAt(HEAD, Optional.of("us"), true).file(new LocalWal.None());

    assertThat(claimed.recorded(HEAD - 1, true).row()).isEqualTo(StartRow.RESYNCED);
  }

  @Test
  void aFileJustRestoredAndHandedOverIsResumed() {
    Facts handedOver =
        nothing().headOf("us").file(new LocalWal.None()).recorded(HEAD, true).untouched();

    assertThat(handedOver.decide()).isInstanceOf(StartPlan.Resume.class);
  }

  @Test
  void otherFramesInTheSameWalAreAFork() {
    StartPlan plan =
        nothing().headOf("us").file(Facts.forkedWal()).recorded(HEAD).besideApplication().decide();

    assertThat(plan)
        .isInstanceOfSatisfying(
            StartPlan.KeepLocal.class,
            kept -> {
              assertThat(kept.problem()).isEqualTo(StartProblem.DIVERGED_KEPT_LOCAL);
              assertThat(kept.intent()).contains(Intent.Kind.KEEP_LOCAL);
            });
  }

  @Test
  void aForkOfAnOldCopyOfOurVolumeIsNotPreferred() {
    assertThat(nothing().headOf("us").file(Facts.forkedWal()).recorded(HEAD - 2).row())
        .isEqualTo(StartRow.DIVERGED);
  }

  @Test
  void aForkThatWasBeingKeptIsKeptAfterACrash() {
    assertThat(
            nothing()
                .headOf("us")
                .fileUpTo(HEAD)
                .recorded(HEAD)
                .intent(Intent.Kind.KEEP_LOCAL)
                .row())
        .isEqualTo(StartRow.DIVERGED_KEPT_LOCAL);
  }

  // --- behind ---

  @Test
  void aWalThatEndsBeforeTheHeadIsBroughtForwardBeforeTheApplicationRuns() {
    Facts lost = nothing().headOf("us").fileUpTo(HEAD - 1).recorded(HEAD);

    assertThat(lost.decide())
        .isInstanceOfSatisfying(
            StartPlan.BringForward.class,
            forward -> assertThat(forward.intent()).contains(Intent.Kind.RESTORE));
    assertThat(lost.besideApplication().decide())
        .isInstanceOf(StartPlan.KeepLocal.class)
        .extracting(StartPlan::problem)
        .isEqualTo(StartProblem.DIVERGED_KEPT_LOCAL);
  }

  @Test
  void aVolumeFromBeforeTheWalWasRestartedIsBehindAndNotUnproven() {
    LocalWal before = new LocalWal.Present(Facts.point(99), java.util.List.of(Facts.point(99)));
    Facts old = nothing().headAfterRestart("us").file(before).recorded(HEAD - 1);

    assertThat(old.row()).isEqualTo(StartRow.LOCAL_BEHIND);
    assertThat(old.facts().needs()).isEmpty();
  }

  @Test
  void aWalThatEndsWhereTheRecordEndsIsAnAncestorOfWhatAStrangerWrote() {
    LocalWal ends = new LocalWal.Present(Facts.point(60), java.util.List.of());
    Facts old = nothing().headAfterRestart("them").file(ends).recorded(60);

    assertThat(old.decide()).isInstanceOf(StartPlan.BringForward.class);
    assertThat(old.besideApplication().decide()).isInstanceOf(StartPlan.Fence.class);
  }

  @Test
  void aFileThatIsExactlyAnOlderStateIsNoFork() {
    Facts gone = nothing().headOf("us").file(new LocalWal.None()).recorded(HEAD - 1, true);

    assertThat(gone.facts().needs()).contains(StartFacts.Need.CONTENT);
    assertThat(gone.contentOfOlder(HEAD - 1).row()).isEqualTo(StartRow.LOCAL_BEHIND);
    assertThat(gone.contentOf(7).row()).isEqualTo(StartRow.DIVERGED_KEPT_LOCAL);
  }

  @Test
  void aWeekOldVolumeIsBroughtForwardOrFenced() {
    Facts old = nothing().headOf("them").file(Facts.restartedWal()).recorded(HEAD - 50);

    assertThat(old.facts().needs()).contains(StartFacts.Need.CONTENT);
    assertThat(old.contentOfOlder(HEAD - 50).decide()).isInstanceOf(StartPlan.BringForward.class);
    assertThat(old.contentOfOlder(HEAD - 50).besideApplication().decide())
        .isInstanceOf(StartPlan.Fence.class)
        .extracting(StartPlan::problem)
        .isEqualTo(StartProblem.LOCAL_BEHIND);
  }

  @Test
  void aRestoreThatACrashInterruptedIsDoneAgainWhateverTheFileSays() {
    Facts interrupted =
        nothing()
            .headOf("us")
            .file(Facts.restartedWal())
            .recorded(HEAD, true)
            .intent(Intent.Kind.RESTORE);

    assertThat(interrupted.decide()).isInstanceOf(StartPlan.BringForward.class);
    assertThat(interrupted.besideApplication().decide()).isInstanceOf(StartPlan.Fence.class);
  }

  // --- adopted replica ---

  @Test
  void aFileEqualToTheHeadTakesTheReplicaOver() {
    Facts copy = nothing().headAt(HEAD, Optional.empty(), false).file(Facts.restartedWal());

    assertThat(copy.contentOf(HEAD).besideApplication().decide())
        .isInstanceOf(StartPlan.Resync.class)
        .extracting(StartPlan::problem)
        .isEqualTo(StartProblem.ADOPTED);
    assertThat(copy.wroteHead().besideApplication().decide())
        .isInstanceOf(StartPlan.Resync.class)
        .extracting(StartPlan::problem)
        .isEqualTo(StartProblem.ADOPTED_REPLICA);
  }

  @Test
  void aWalThatEndsExactlyAtTheHeadIsEqualByContent() {
    assertThat(nothing().headOf("them").fileUpTo(HEAD).row()).isEqualTo(StartRow.ADOPTED);
    assertThat(nothing().headOf("them").fileUpTo(HEAD + 1).row()).isEqualTo(StartRow.DIVERGED);
  }

  @Test
  void besideAnApplicationAStrangersReplicaIsNeverTakenOver() {
    Facts equal = nothing().headOf("them").fileUpTo(HEAD).besideApplication();

    assertThat(equal.decide()).isInstanceOf(StartPlan.Fence.class);
    assertThat(equal.choose(Choice.keep(Side.LOCAL)).decide()).isInstanceOf(StartPlan.Resync.class);
  }

  // --- diverged ---

  @Test
  void anyOtherFileBesideAReplicaIsRefused() {
    Facts other = nothing().headOf("them").file(Facts.restartedWal()).contentOf(7);

    assertThat(other.decide())
        .isInstanceOf(StartPlan.Refuse.class)
        .extracting(StartPlan::message)
        .asString()
        .contains("--keep local or --keep replica");
    assertThat(other.besideApplication().decide()).isInstanceOf(StartPlan.Fence.class);
  }

  @Test
  void aSideThatIsChosenByNameIsKept() {
    Facts other = nothing().headOf("them").file(Facts.restartedWal()).contentOf(7);

    assertThat(other.choose(Choice.keep(Side.LOCAL)).decide())
        .isInstanceOf(StartPlan.KeepLocal.class);
    assertThat(other.choose(Choice.keep(Side.LOCAL)).besideApplication().decide())
        .isInstanceOf(StartPlan.KeepLocal.class);
    assertThat(other.choose(Choice.keep(Side.REPLICA)).decide())
        .isInstanceOf(StartPlan.BringForward.class);
    assertThat(other.choose(Choice.keep(Side.REPLICA)).besideApplication().decide())
        .isInstanceOf(StartPlan.Fence.class);
  }

  // --- unreachable ---

  @Test
  void theLastOwnerRunsDegradedWithoutTheStore() {
    assertThat(nothing().storeUnreachable().fileUpTo(HEAD).recorded(HEAD).decide())
        .isInstanceOf(StartPlan.RunDegraded.class)
        .extracting(StartPlan::problem)
        .isEqualTo(StartProblem.STORE_UNREACHABLE);
  }

  @Test
  void aFileThatLostAcknowledgedCommitsWaitsForTheStore() {
    assertThat(nothing().storeUnreachable().fileUpTo(HEAD - 1).recorded(HEAD).decide())
        .isInstanceOf(StartPlan.Wait.class);
  }

  @Test
  void withoutAFileAStartWaitsForStoreAndBucket() {
    assertThat(nothing().storeUnreachable().recorded(HEAD).decide())
        .isInstanceOf(StartPlan.Wait.class);
    assertThat(nothing().noBucketYet().decide())
        .isInstanceOf(StartPlan.Wait.class)
        .extracting(StartPlan::problem)
        .isEqualTo(StartProblem.BUCKET_NOT_READY);
  }

  @Test
  void aSilentWitnessIsNeverNoFloor() {
    Facts silent = nothing().headOf("us").floor(Floor.unknown("the operator"));

    assertThat(silent.decide())
        .isInstanceOf(StartPlan.Wait.class)
        .extracting(StartPlan::problem)
        .isEqualTo(StartProblem.WITNESS_UNREACHABLE);
    assertThat(silent.fileUpTo(HEAD).recorded(HEAD).decide())
        .isInstanceOf(StartPlan.RunDegraded.class)
        .extracting(StartPlan::problem)
        .isEqualTo(StartProblem.WITNESS_UNREACHABLE);
    assertThat(nothing().floor(Floor.unknown("the operator")).decide())
        .isInstanceOf(StartPlan.Wait.class);
  }

  // --- fenced ---

  @Test
  void aFencedPodDecidesNothingAnyMore() {
    assertThat(nothing().headOf("us").fileUpTo(HEAD).recorded(HEAD).fenced().decide())
        .isInstanceOf(StartPlan.Fence.class)
        .extracting(StartPlan::problem)
        .isEqualTo(StartProblem.FENCED);
  }

  @Test
  void whatCostsAReadIsAskedForOnlyWhereItDecides() {
    assertThat(nothing().headOf("us").fileUpTo(HEAD).recorded(HEAD).facts().needs()).isEmpty();
    assertThat(nothing().fileUpTo(HEAD).facts().needs()).isEmpty();
    assertThat(nothing().headOf("us").facts().needs()).isEmpty();
  }
}
