package dev.tidewal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TidewalTest {
  private final Command command = new Command();

  @Test
  void withoutASubcommandTheUsageIsShownAndTheExitCodeIsTwo() {
    assertThat(command.run()).isEqualTo(2);
    assertThat(command.err()).contains("Usage: tidewal", "version");
  }

  @Test
  void aMistypedSubcommandNamesTheNearest() {
    assertThat(command.run("versoin")).isEqualTo(2);
    assertThat(command.err())
        .isEqualTo("tidewal: unknown command versoin: did you mean version? See tidewal --help\n");
  }

  @Test
  void aMistypedOptionNamesTheNearestAndTheCommandsHelp() {
    assertThat(command.run("version", "--jsn")).isEqualTo(2);
    assertThat(command.err())
        .isEqualTo(
            "tidewal: unknown option --jsn: did you mean --json? See tidewal version --help\n");
  }

  @Test
  void optionsWithASingleDashAreTakenAsLitestreamDoes() {
    assertThat(command.run("version", "-json=true", "-verbose")).isZero();
    assertThat(command.out()).contains("\"sqlite\" : \"3.54");
  }

  @Test
  void everySubcommandHasHelp() {
    for (String each : Subcommands.NAMES) {
      Command help = new Command();

      assertThat(help.run(each, "--help")).isZero();
      assertThat(help.out())
          .startsWith("Usage: tidewal ")
          .contains("--json")
          .containsPattern("Example:.*tidewal " + each);
    }
  }

  @Test
  void theCompletionScriptKnowsAllSubcommands() {
    assertThat(command.run("completion")).isZero();
    assertThat(command.out()).startsWith("#!/usr/bin/env bash").contains(Subcommands.NAMES);
  }
}
