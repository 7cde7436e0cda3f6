package dev.tidewal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidewal.core.TidewalException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentExpansionTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("A", "1", "AB_2", "two", "1", "one", "LINES", "x\ny\nz");

  /** Expected values are those of Go's os.Expand. */
  @ParameterizedTest
  @CsvSource({
    "$A, 1",
    "${A}, 1",
    "x${A}y, x1y",
    "$AB_2/$A, two/1",
    "$AB_2x, ''",
    "$A-B, 1-B",
    "$UNSET, ''",
    "${UNSET}!, !",
    "costs 5$, costs 5$",
    "a $ b, a $ b",
    "$.x, $.x",
    "$1x, onex",
    "$$A, A",
    "${}x, x",
    "${A, A",
    "é$Aé, é1é"
  })
  void followsGo(String text, String expanded) {
    assertThat(EnvironmentExpansion.expand(text, ENVIRONMENT).text()).isEqualTo(expanded);
  }

  @Test
  void pidIsThisProcess() {
    assertThat(EnvironmentExpansion.expand("/run/${PID}", Map.of()).text())
        .isEqualTo("/run/" + ProcessHandle.current().pid());
  }

  @Test
  void linesStayThoseOfTheFileWhenAValueHasLineBreaks() {
    EnvironmentExpansion.Expanded expanded =
        EnvironmentExpansion.expand("a\n$LINES\nb\n", ENVIRONMENT);

    assertThat(expanded.text()).isEqualTo("a\nx\ny\nz\nb\n");
    assertThat(expanded.lines().originals()).containsExactly(1, 2, 2, 2, 3, 4);
  }

  @Test
  void anErrorBelowSuchAValueNamesTheLineOfTheFile() {
    String text = "exec: \"$LINES\"\nwal-limit: x\n";

    assertThatExceptionOfType(TidewalException.Usage.class)
        .isThrownBy(() ->
            new ConfigurationReader(ENVIRONMENT, true)
                .parse(text + "databases: [{path: /a, destinations: [/b]}]\n", "t.yml"))
        .withMessageStartingWith("t.yml:2: wal-limit 'x' is not a size");
  }

  @Test
  void variablesThatAreNotSetAreNotedExceptInComments() {
    LoadedConfiguration loaded =
        new ConfigurationReader(Map.of("DB", "/data/app.db"), true)
            .parse(
                """
                # $NOT_HERE
                databases:
                  - path: ${DB}
                    destinations:
                      - url: s3://bucket/app
                        region: $REGION
                """,
                "t.yml");

    assertThat(loaded.notes())
        .extracting(ConfigNote::toString)
        .containsExactly("t.yml:6: the environment variable 'REGION' is not set");
  }

  @Test
  void withoutExpansionADollarSignIsADollarSign() {
    Configuration configuration =
        new ConfigurationReader(ENVIRONMENT, false)
            .parse("databases: [{path: /a$A, destinations: [/b]}]\n", "t.yml")
            .configuration();

    assertThat(configuration.databases().getFirst().source())
        .isEqualTo(new DatabaseSource.File(java.nio.file.Path.of("/a$A")));
  }
}
