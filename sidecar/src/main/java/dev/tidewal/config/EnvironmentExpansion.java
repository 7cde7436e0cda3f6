package dev.tidewal.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts environment variables into the text of a configuration file, before it is read as YAML:
 * exactly what Litestream does with Go's {@code os.Expand}.
 *
 * <p>{@code $NAME} and {@code ${NAME}}; a variable that is not set gives nothing; {@code $PID} is
 * this process; a dollar sign before anything that can't begin a name stays. The rules for {@code
 * ${}} and for Go's one-character names ({@code $1}, {@code $$}) are Go's too.
 */
final class EnvironmentExpansion {
  private static final String ONE_CHARACTER_NAMES = "*#$@!?-0123456789";

  private final Map<String, String> environment;
  private final StringBuilder expanded = new StringBuilder();
  private final List<Integer> lines = new ArrayList<>();
  private final Map<String, Integer> unset = new LinkedHashMap<>();

  private EnvironmentExpansion(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * An expanded text.
   *
   * @param unset names that stand in the file outside comments and are not in the environment, with
   *     the line of the first use
   */
  record Expanded(String text, LineMap lines, Map<String, Integer> unset) {
    Expanded {
      unset = Collections.unmodifiableMap(new LinkedHashMap<>(unset));
    }
  }

  static Expanded expand(String text, Map<String, String> environment) {
    EnvironmentExpansion expansion = new EnvironmentExpansion(environment);
    String[] lines = text.split("\n", -1);
    for (int index = 0; index < lines.length; index++) {
      expansion.line(lines[index], index + 1);
      if (index < lines.length - 1) {
        expansion.expanded.append('\n');
      }
    }
    return new Expanded(
        expansion.expanded.toString(), new LineMap(expansion.lines), expansion.unset);
  }

  private void line(String line, int number) {
    int expandedFrom = expanded.length();
    int copiedTo = 0;
    for (int at = line.indexOf('$');
        at >= 0 && at + 1 < line.length();
        at = line.indexOf('$', copiedTo)) {
      Name name = Name.at(line, at + 1);
      if (name.isADollarSign()) {
        expanded.append(line, copiedTo, at + 1);
        copiedTo = at + 1;
        continue;
      }
      expanded
          .append(line, copiedTo, at)
          .append(name.text().isEmpty() ? "" : value(name.text(), line, number));
      copiedTo = at + 1 + name.length();
    }
    expanded.append(line, copiedTo, line.length());
    long breaks = expanded.substring(expandedFrom).chars().filter(c -> c == '\n').count();
    for (long row = 0; row <= breaks; row++) {
      lines.add(number);
    }
  }

  private String value(String name, String line, int number) {
    if (name.equals("PID")) {
      return Long.toString(ProcessHandle.current().pid());
    }
    Optional<String> value = Optional.ofNullable(environment.get(name));
    if (value.isEmpty() && !line.stripLeading().startsWith("#")) {
      unset.putIfAbsent(name, number);
    }
    return value.orElse("");
  }

  /**
   * What follows a dollar sign.
   *
   * @param text the variable's name; empty = none
   * @param length characters that belong to it; with an empty text they are dropped (Go: "invalid
   *     syntax; eat the characters")
   */
  private record Name(String text, int length) {
    boolean isADollarSign() {
      return length == 0;
    }

    static Name at(String line, int from) {
      if (line.charAt(from) == '{') {
        int end = line.indexOf('}', from);
        return end < 0 ? new Name("", 1) : new Name(line.substring(from + 1, end), end + 1 - from);
      }
      if (ONE_CHARACTER_NAMES.indexOf(line.charAt(from)) >= 0) {
        return new Name(line.substring(from, from + 1), 1);
      }
      int end = from;
      while (end < line.length() && isNamePart(line.charAt(end))) {
        end++;
      }
      return new Name(line.substring(from, end), end - from);
    }

    private static boolean isNamePart(char c) {
      return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
  }
}
