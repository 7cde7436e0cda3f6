package dev.tidewal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
  private static final Set<String> KNOWN = Set.of("config", "if-replica-exists", "o", "json");

  @Test
  void aLongOptionWithASingleDashGetsItsSecond() {
    assertThat(normal("restore", "-if-replica-exists", "-config", "/etc/litestream.yml"))
        .containsExactly("restore", "--if-replica-exists", "--config", "/etc/litestream.yml");
    assertThat(normal("-json=true", "-config=a.yml"))
        .containsExactly("--json=true", "--config=a.yml");
  }

  @Test
  void shortOptionsAndDoubleDashesStayAsTheyAre() {
    assertThat(normal("-o", "out.db", "-f", "--config", "a.yml", "-", "-oout.db"))
        .containsExactly("-o", "out.db", "-f", "--config", "a.yml", "-", "-oout.db");
  }

  @Test
  void nothingAfterADoubleDashIsTouched() {
    assertThat(normal("-json", "--", "-json")).containsExactly("--json", "--", "-json");
  }

  private static List<String> normal(String... arguments) {
    return Arguments.normalise(List.of(arguments), KNOWN);
  }
}
