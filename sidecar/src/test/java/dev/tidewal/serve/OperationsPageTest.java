package dev.tidewal.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperationsPageTest {
  private static final Path PAGE = Path.of("../docs/operations.md");
  private static final String BEGIN = "<!-- metrics: generated from serve/Metric.java -->\n";
  private static final String END = "<!-- end of metrics -->\n";

  @Test
  void theTableOfMetricsInTheDocumentationIsThatOfTheCode() throws IOException {
    String page = Files.readString(PAGE);
    String expected = replaceTable(page);

    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(PAGE, expected);
    } else {
      assertThat(page).as("stale: run the tests with -Ddocs.update=true").isEqualTo(expected);
    }
  }

  @Test
  void theOperationsPageNamesEveryPathThatIsServed() throws IOException {
    assertThat(Files.readString(PAGE))
        .contains(List.of("/metrics", "/healthz", "/readyz", "/status", "/v1/sync"));
  }

  private static String replaceTable(String page) {
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    assertThat(end).as("markers in " + PAGE).isGreaterThanOrEqualTo(begin);
    return page.substring(0, begin) + "\n" + Metric.markdownTable() + "\n" + page.substring(end);
  }
}
