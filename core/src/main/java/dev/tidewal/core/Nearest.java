package dev.tidewal.core;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that a person probably meant: the known one fewest edits away. */
public final class Nearest {
  private Nearest() {}

  /**
   * The known name nearest to {@code text}, or empty when none is near: more than a third of its
   * letters (at least two) would have to change. Case counts for nothing.
   */
  public static Optional<String> to(String text, Collection<String> known) {
    int limit = Math.max(2, text.length() / 3);
    return known.stream()
        .filter(name -> edits(text, name) <= limit)
        .min(Comparator.comparingInt(name -> edits(text, name)));
  }

  /** Levenshtein's distance, two rows at a time. */
  private static int edits(String left, String right) {
    String from = left.toLowerCase(Locale.ROOT);
    String to = right.toLowerCase(Locale.ROOT);
    int[] above = new int[to.length() + 1];
    for (int column = 0; column <= to.length(); column++) {
      above[column] = column;
    }
    for (int row = 1; row <= from.length(); row++) {
      int[] current = new int[to.length() + 1];
      current[0] = row;
      for (int column = 1; column <= to.length(); column++) {
        int change = from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1;
        int cheapest = Math.min(above[column], current[column - 1]) + 1;
        current[column] = Math.min(cheapest, above[column - 1] + change);
      }
      above = current;
    }
    return above[to.length()];
  }
}
