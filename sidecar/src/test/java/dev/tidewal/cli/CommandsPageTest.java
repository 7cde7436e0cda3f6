package dev.tidewal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The tables of commands and exit codes in the documentation are those of the code. */
class CommandsPageTest {
  private static final Path PAGE = Path.of("../docs/operations.md");
  private static final String BEGIN = "<!-- commands: generated from cli/Subcommands.java -->\n";
  private static final String END = "<!-- end of commands -->\n";

  @Test
  void theTableOfCommandsIsThatOfTheCode() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    assertThat(end).as("markers in " + PAGE).isGreaterThanOrEqualTo(begin);
    String expected = page.substring(0, begin) + "\n" + table() + "\n" + page.substring(end);

    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(PAGE, expected);
    } else {
      assertThat(page).as("stale: run the tests with -Ddocs.update=true").isEqualTo(expected);
    }
  }

  @Test
  void everyExitCodeIsExplained() throws IOException {
    String page = Files.readString(PAGE);
    for (ExitCode each : ExitCode.values()) {
      assertThat(page).contains("\n| " + each.code() + " | ");
    }
  }

  private static String table() {
    Terminal terminal = new Terminal(System.out, System.err, false, Map.of());
    Map<String, CommandLine> commands = Tidewal.withAllSubcommands(terminal).getSubcommands();
    StringBuilder table = new StringBuilder("| command | does | example |\n|---|---|---|\n");
    for (String name : Subcommands.NAMES) {
      UsageMessageSpec usage = commands.get(name).getCommandSpec().usageMessage();
      String example =
          Arrays.stream(usage.footer())
              .filter(line -> line.startsWith("Example:"))
              .map(line -> line.substring("Example:".length()).strip())
              .findFirst()
              .orElseThrow();
      table
          .append("| `")
          .append(name)
          .append("` | ")
          .append(String.join(" ", usage.description()))
          .append(" | `")
          .append(example)
          .append("` |\n");
    }
    return table.toString();
  }
}
