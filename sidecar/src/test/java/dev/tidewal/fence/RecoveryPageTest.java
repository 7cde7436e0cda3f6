package dev.tidewal.fence;

import static dev.tidewal.fence.Facts.HEAD;
import static dev.tidewal.fence.Facts.nothing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.Position;
import dev.tidewal.core.Txid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * docs/recovery.md shows the messages that are really printed; {@code -Ddocs.update=true} writes.
 */
class RecoveryPageTest {
  private static final Path PAGE = Path.of("../docs/recovery.md");
  private static final String BEGIN = "<!-- start table: generated from fence/StartRow.java -->\n";
  private static final String END = "<!-- end of the start table -->\n";

  @Test
  void thePageHasTheMessagesOfThisCode() throws IOException {
    String page = Files.readString(PAGE);
    String wanted =
        page.substring(0, page.indexOf(BEGIN) + BEGIN.length())
            + table()
            + page.substring(page.indexOf(END));
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(PAGE, wanted);
    }

    assertThat(Files.readString(PAGE)).isEqualTo(wanted);
  }

  @Test
  void everyRowHasAnExample() {
    assertThat(examples().stream().map(Facts::row).distinct())
        .containsExactlyInAnyOrder(StartRow.values());
  }

  private static String table() {
    StringBuilder table =
        new StringBuilder("| found | reason | action | message |\n|---|---|---|---|\n");
    for (StartRow row : Arrays.asList(StartRow.values())) {
      for (Facts example : examples()) {
        if (example.row() == row) {
          StartPlan plan = example.decide();
          table.append(
              "| %s%s | `%s` | %s | %s |\n"
                  .formatted(
                      row.found().replace("<db>", "&lt;db&gt;"),
                      example.facts().isBesideApplication() ? " (beside the application)" : "",
                      plan.problem().reason(),
                      plan.getClass().getSimpleName(),
                      plan.message()));
        }
      }
    }
    return table.toString();
  }

  private static List<Facts> examples() {
    Facts ours = nothing().headOf("us");
    Facts theirs = nothing().headOf("them");
    Facts other = theirs.file(Facts.restartedWal()).contentOf(7);
    Facts behind = ours.fileUpTo(HEAD - 1).recorded(HEAD);
    return List.of(
        ours.fileUpTo(HEAD).recorded(HEAD).fenced(),
        nothing().fileUpTo(HEAD).recorded(HEAD),
        nothing().recorded(HEAD),
        ours.floor(HEAD + 1),
        nothing(),
        nothing().fileUpTo(HEAD),
        ours,
        ours.fileUpTo(HEAD + 3).recorded(HEAD),
        ours.file(Facts.restartedWal()).recorded(HEAD),
        ours.file(Facts.forkedWal()).recorded(HEAD),
        behind,
        behind.besideApplication(),
        theirs.file(Facts.restartedWal()).recorded(60).contentOfOlder(60).besideApplication(),
        nothing()
            .headAt(HEAD, java.util.Optional.empty(), false)
            .file(Facts.restartedWal())
            .contentOf(HEAD),
        nothing()
            .headAt(HEAD, java.util.Optional.empty(), false)
            .file(Facts.restartedWal())
            .wroteHead(),
        theirs.fileUpTo(HEAD).besideApplication(),
        other,
        other.besideApplication(),
        nothing()
            .file(Facts.restartedWal())
            .floor(Floor.at(new Position(new Txid(HEAD), 1), "the operator")),
        nothing().storeUnreachable().fileUpTo(HEAD).recorded(HEAD),
        nothing().storeUnreachable(),
        nothing().noBucketYet(),
        ours.floor(Floor.unknown("the operator")));
  }
}
