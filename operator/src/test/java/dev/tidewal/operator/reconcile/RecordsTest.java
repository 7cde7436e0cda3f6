package dev.tidewal.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.crds.DatabaseStatus;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordsTest {
  @Test
  void podsThatAreGoneAreNotHeard() {
    List<DatabaseStatus> all = List.of(record("old", "stopped"), record("new", "replicating"));

    assertThat(Records.current(all, Set.of("new")))
        .extracting(DatabaseStatus::pod)
        .containsExactly("new");
  }

  @Test
  void aPodThatHasNotReportedYetIsNotReplacedByAnOlderOne() {
    assertThat(Records.current(List.of(record("old", "stopped")), Set.of("new"))).isEmpty();
  }

  @Test
  void whileNoPodLivesTheLastThatEndedSpeaks() {
    List<DatabaseStatus> all =
        List.of(
            record("oldest", "stopped"),
            record("last", "stopped"),
            record("killed", "replicating"));

    assertThat(Records.current(all, Set.of()))
        .extracting(DatabaseStatus::pod)
        .containsExactly("last");
  }

  @Test
  void onesThatEndedWithoutAWordSayNothing() {
    assertThat(Records.current(List.of(record("killed", "replicating")), Set.of())).isEmpty();
  }

  private static DatabaseStatus record(String pod, String state) {
    return new DatabaseStatus(
        "/data/app.db",
        pod,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        state,
        null,
        null);
  }
}
