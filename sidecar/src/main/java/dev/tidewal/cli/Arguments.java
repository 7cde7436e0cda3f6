package dev.tidewal.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Litestream's users write long options with a single dash, as Go's flag package takes them. */
final class Arguments {
  private Arguments() {}

  /**
   * The arguments with {@code -config x}, {@code -if-replica-exists}, {@code -json=true} turned
   * into their double-dash forms; everything else, and all that follows {@code --}, as it is.
   *
   * @param longOptions names of long options without dashes
   */
  static List<String> normalise(List<String> arguments, Set<String> longOptions) {
    List<String> normal = new ArrayList<>();
    boolean literal = false;
    for (String argument : arguments) {
      literal |= argument.equals("--");
      normal.add(literal ? argument : normalise(argument, longOptions));
    }
    return normal;
  }

  private static String normalise(String argument, Set<String> longOptions) {
    if (argument.length() < 3 || !argument.startsWith("-") || argument.startsWith("--")) {
      return argument;
    }
    int equals = argument.indexOf('=');
    String name = equals < 0 ? argument.substring(1) : argument.substring(1, equals);
    return longOptions.contains(name) ? "-" + argument : argument;
  }
}
