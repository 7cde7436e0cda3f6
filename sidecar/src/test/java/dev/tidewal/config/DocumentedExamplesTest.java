package dev.tidewal.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example of docs/operations.md is a configuration that this code takes. */
class DocumentedExamplesTest {
  private static final Path PAGE = Path.of("../docs/operations.md");
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  static Stream<String> examples() throws IOException {
    return YAML.matcher(Files.readString(PAGE))
        .results()
        .map((MatchResult match) -> match.group(1));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void anExampleIsAConfiguration(String yaml) {
    Map<String, String> environment = Map.of("MINIO_KEY", "key", "MINIO_SECRET", "secret");

    LoadedConfiguration loaded =
        new ConfigurationReader(environment, true).parse(yaml, "example.yml");

    assertThat(loaded.configuration().databases()).hasSize(1);
    assertThat(loaded.notes()).isEmpty();
  }
}
