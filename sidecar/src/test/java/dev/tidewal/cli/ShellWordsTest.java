package dev.tidewal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.TidewalException;
import org.junit.jupiter.api.Test;

class ShellWordsTest {
  @Test
  void blanksSeparateAndQuotesKeep() {
    assertThat(ShellWords.split("  myapp  --name 'a b' \"c \\\"d\\\" $x\" e\\ f ''"))
        .containsExactly("myapp", "--name", "a b", "c \"d\" $x", "e f", "");
  }

  @Test
  void quotesInsideAWordBelongToIt() {
    assertThat(ShellWords.split("--opt='x y'z")).containsExactly("--opt=x yz");
  }

  @Test
  void anOpenQuoteOrNothingAtAllIsRefused() {
    assertThatThrownBy(() -> ShellWords.split("sh -c 'x"))
        .isInstanceOf(TidewalException.Usage.class)
        .hasMessageContaining("open '");
    assertThatThrownBy(() -> ShellWords.split("  ")).isInstanceOf(TidewalException.Usage.class);
  }
}
