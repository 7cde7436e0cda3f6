package dev.tidewal.fence;

import static dev.tidewal.fence.Facts.HEAD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.Txid;
import dev.tidewal.fence.Choice.Side;
import dev.tidewal.fence.LocalDatabase.Answer;
import dev.tidewal.state.Intent;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The start table over every combination of what can be found: that it is total, what it never
 * does, and that the order of neighbouring rows matters where both fit.
 */
class StartTableTest {
  private static final List<Facts> ALL = new ArrayList<>();

  @BeforeAll
  static void combine() {
    List<Facts> found = List.of(Facts.nothing());
    found = each(found, heads());
    found = each(found, files());
    found = each(found, states());
    found = each(found, floors());
    found = each(found, choices());
    found = each(found, List.of(facts -> facts, Facts::besideApplication));
    ALL.addAll(found);
  }

  private static List<Facts> each(List<Facts> found, List<UnaryOperator<Facts>> changes) {
    return found.stream()
        .flatMap(facts -> changes.stream().map(change -> change.apply(facts)))
        .distinct()
        .toList();
  }

  private static List<UnaryOperator<Facts>> heads() {
    return List.of(
        facts -> facts,
        facts -> facts.headOf("us"),
        facts -> facts.headAt(HEAD, Optional.of("us"), true),
        facts -> facts.headOf("them"),
        facts -> facts.headAt(HEAD, Optional.empty(), false),
        Facts::storeUnreachable);
  }

  private static List<UnaryOperator<Facts>> files() {
    List<UnaryOperator<Facts>> files = new ArrayList<>();
    files.add(facts -> facts);
    List<LocalWal> wals =
        List.of(
            new LocalWal.None(),
            Facts.wal(HEAD),
            Facts.wal(HEAD + 3),
            Facts.wal(HEAD - 3),
            Facts.forkedWal(),
            Facts.restartedWal(),
            new LocalWal.Successor(false),
            new LocalWal.Successor(true));
    for (LocalWal wal : wals) {
      files.add(facts -> facts.file(wal));
      files.add(facts -> facts.file(wal).wroteHead());
      files.add(facts -> facts.file(wal).contentOf(HEAD));
      files.add(facts -> facts.file(wal).contentOf(HEAD + 2));
      files.add(facts -> facts.file(wal).contentOfOlder(HEAD - 3));
      files.add(facts -> facts.file(wal).contentOf(7));
      files.add(facts -> facts.file(wal).contentOf(7).sentPages(Answer.YES));
    }
    return files;
  }

  private static List<UnaryOperator<Facts>> states() {
    List<UnaryOperator<Facts>> states = new ArrayList<>();
    states.add(facts -> facts);
    states.add(Facts::ours);
    states.add(Facts::lostState);
    for (long txid : new long[] {HEAD - 3, HEAD - 1, HEAD, HEAD + 2}) {
      states.add(facts -> facts.recorded(txid, true));
      states.add(facts -> facts.recorded(txid, false));
    }
    states.add(facts -> facts.recorded(HEAD, true).untouched());
    states.add(facts -> facts.recorded(HEAD).intent(Intent.Kind.RESTORE));
    states.add(facts -> facts.recorded(HEAD).intent(Intent.Kind.KEEP_LOCAL));
    states.add(facts -> facts.recorded(HEAD).fenced());
    states.add(facts -> facts.recorded(HEAD).remnant());
    return states;
  }

  private static List<UnaryOperator<Facts>> floors() {
    return List.of(
        facts -> facts,
        facts -> facts.floor(HEAD + 2),
        facts -> facts.floor(Floor.unknown("the operator")));
  }

  private static List<UnaryOperator<Facts>> choices() {
    return List.of(
        facts -> facts,
        facts -> facts.choose(Choice.keep(Side.LOCAL)),
        facts -> facts.choose(Choice.keep(Side.REPLICA)),
        facts -> facts.choose(Choice.accept(new Txid(HEAD))));
  }

  @Test
  void everyCombinationHasAPlanWithAOneLineMessageThatNamesTheDatabase() {
    assertThat(ALL).hasSizeGreaterThan(50_000);
    never(
        "a message that a user can't read",
        facts -> {
          String message = facts.decide().message();
          return !message.contains("/data/app.db")
              || message.contains("\n")
              || message.length() > 400;
        });
  }

  @Test
  void everyRowIsReached() {
    Set<StartRow> reached = EnumSet.noneOf(StartRow.class);
    ALL.forEach(facts -> reached.add(facts.row()));

    assertThat(reached).containsExactly(StartRow.values());
  }

  @Test
  void nothingIsClaimedWithoutAnAnswerFromStoreAndWitnesses() {
    never(
        "a claim without an answer",
        facts -> !facts.facts().isAnswered() && facts.decide().claims());
  }

  @Test
  void besideAnApplicationNothingIsReplaced() {
    never(
        "a plan for a stopped application",
        facts ->
            facts.facts().isBesideApplication()
                && (facts.decide() instanceof StartPlan.Refuse
                    || facts.decide() instanceof StartPlan.BringForward
                    || facts.decide() instanceof StartPlan.Restore));
  }

  @Test
  void besideAnApplicationNothingIsTakenFromAStranger() {
    never(
        "a claim",
        facts ->
            facts.facts().isBesideApplication()
                && facts.facts().isStrangers()
                && !facts.choice().keeps(Side.LOCAL)
                && facts.decide().claims());
  }

  @Test
  void belowTheFloorNothingIsRestoredOrResumed() {
    never(
        "going on below the floor",
        facts ->
            facts.facts().highestFloor() instanceof Floor.At
                && facts.facts().isDataExpected()
                && facts.facts().isBelowFloor()
                && (facts.decide() instanceof StartPlan.OnHead
                    || facts.decide() instanceof StartPlan.FirstSnapshot));
  }

  @Test
  void aNewChainBeginsAboveTheFloorAndAboveItsOwnClaim() {
    never(
        "a chain inside the old one",
        facts ->
            facts.decide() instanceof StartPlan.RestartChain restart
                && (!restart.upTo().isAfter(facts.facts().headTxid().next())
                    || facts
                        .facts()
                        .recordedPosition()
                        .filter(recorded -> !restart.upTo().isAfter(recorded.txid()))
                        .isPresent()));
  }

  @Test
  void theLocalFileGoesOnOverOtherCommitsOnlyInOurOwnHistoryOrByName() {
    never(
        "a fork that nobody chose",
        facts ->
            facts.decide() instanceof StartPlan.KeepLocal
                && !facts.choice().keeps(Side.LOCAL)
                && !(facts.facts().isOurs() && facts.facts().isAtMostOneAhead()));
  }

  @Test
  void aFileThatAnInterruptedRestoreLeftIsNeverUploaded() {
    never(
        "an upload of it",
        facts -> {
          StartPlan plan = facts.decide();
          return facts.facts().isIntended(Intent.Kind.RESTORE)
              && !facts.choice().keeps(Side.LOCAL)
              && (plan instanceof StartPlan.Resume
                  || plan instanceof StartPlan.Resync
                  || plan instanceof StartPlan.KeepLocal
                  || plan instanceof StartPlan.RestartChain
                  || plan instanceof StartPlan.RunDegraded)
              && facts.facts().hasFile();
        });
  }

  /**
   * Neighbours that can both fit: the first must win, and would otherwise do something else.
   * Neighbours that can't are told apart by their conditions alone; both lists are complete.
   */
  @Test
  void theOrderOfNeighboursMattersWhereBothFit() {
    List<String> overlapping = new ArrayList<>();
    List<String> exclusive = new ArrayList<>();
    StartRow[] rows = StartRow.values();
    for (int i = 0; i + 1 < rows.length; i++) {
      StartRow first = rows[i];
      StartRow second = rows[i + 1];
      List<StartFacts> both =
          ALL.stream()
              .map(Facts::facts)
              .filter(facts -> first.fits(facts) && second.fits(facts))
              .toList();
      (both.isEmpty() ? exclusive : overlapping).add(first + " before " + second);
      assertThat(both).noneMatch(facts -> StartRow.of(facts) == second);
      if (!both.isEmpty()) {
        assertThat(both)
            .as("%s before %s", first, second)
            .anyMatch(facts -> StartRow.of(facts) == first)
            .anyMatch(facts -> !first.decide(facts).equals(second.decide(facts)));
      }
    }

    assertThat(overlapping)
        .containsExactly(
            "FENCED_IN_THIS_POD before REPLICA_LOST",
            "DATA_MISSING before FRESH",
            "DIVERGED_KEPT_LOCAL before LOCAL_BEHIND",
            "LOCAL_BEHIND before ADOPTED",
            "ADOPTED before DIVERGED",
            "RUN_DEGRADED before WAIT",
            "WAIT before WITNESS_UNREACHABLE");
    assertThat(exclusive)
        .containsExactly(
            "REPLICA_LOST before DATA_MISSING",
            "FRESH before FIRST_REPLICATION",
            "FIRST_REPLICATION before RESTORED",
            "RESTORED before RESUMED",
            "RESUMED before RESYNCED",
            "RESYNCED before DIVERGED_KEPT_LOCAL",
            "DIVERGED before RUN_DEGRADED");
  }

  @Test
  void whatWasNotReadIsAskedForWheneverItCouldChangeThePlan() {
    never(
        "a plan that another content would change",
        facts ->
            facts.local() instanceof LocalDatabase.Present file
                && file.content() instanceof LocalContent.NotRead
                && !facts.facts().needs().contains(StartFacts.Need.CONTENT)
                && !(facts.contentOf(HEAD).decide().equals(facts.decide())
                    && facts.contentOf(7).decide().equals(facts.decide())
                    && facts.contentOfOlder(HEAD - 3).decide().equals(facts.decide())));
  }

  private static void never(String what, Predicate<Facts> bad) {
    assertThat(ALL.stream().filter(bad).findFirst()).as(what).isEmpty();
  }
}
