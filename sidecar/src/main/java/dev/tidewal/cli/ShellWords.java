package dev.tidewal.cli;

import dev.tidewal.core.TidewalException;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command line into words as a shell does: blanks separate, quotes and backslashes keep.
 * No shell runs, so signals reach the command itself; who wants one writes {@code sh -c '...'}.
 */
final class ShellWords {
  private final String line;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;
  private int at;

  private ShellWords(String line) {
    this.line = line;
  }

  /**
   * The words.
   *
   * @throws TidewalException.Usage when a quote isn't closed, or there is no word
   */
  static List<String> split(String line) {
    ShellWords shell = new ShellWords(line);
    while (shell.at < line.length()) {
      shell.next();
    }
    shell.endWord();
    if (shell.words.isEmpty()) {
      throw new TidewalException.Usage("the command of --exec is empty");
    }
    return List.copyOf(shell.words);
  }

  private void next() {
    char c = line.charAt(at++);
    switch (c) {
      case ' ', '\t', '\n' -> endWord();
      case '\'' -> quoted('\'');
      case '"' -> quoted('"');
      case '\\' -> add(at < line.length() ? line.charAt(at++) : '\\');
      default -> add(c);
    }
  }

  private void quoted(char quote) {
    inWord = true;
    while (at < line.length() && line.charAt(at) != quote) {
      char c = line.charAt(at++);
      boolean escapes = quote == '"' && c == '\\' && at < line.length();
      add(escapes && "\"\\$`".indexOf(line.charAt(at)) >= 0 ? line.charAt(at++) : c);
    }
    if (at == line.length()) {
      throw new TidewalException.Usage("the command of --exec has an open " + quote + ": " + line);
    }
    at++;
  }

  private void add(char c) {
    inWord = true;
    word.append(c);
  }

  private void endWord() {
    if (inWord) {
      words.add(word.toString());
      word.setLength(0);
      inWord = false;
    }
  }
}
