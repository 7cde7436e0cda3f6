package dev.tidewal.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The command line.
 *
 * @param rows names of rows, in the order to run
 */
record Options(List<String> rows, boolean quick) {

  /**
   * @throws IllegalArgumentException with a message for the user
   */
  static Options parse(String[] arguments, Collection<String> known) {
    List<String> rows = new ArrayList<>(known);
    boolean quick = false;
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (argument.equals("--quick")) {
        quick = true;
      } else if (argument.equals("--rows") && i + 1 < arguments.length) {
        rows = List.of(arguments[++i].split(",", -1));
      } else if (argument.startsWith("--rows=")) {
        rows = List.of(argument.substring("--rows=".length()).split(",", -1));
      } else {
        throw new IllegalArgumentException(
            "unknown argument " + argument + "; known: --quick, --rows " + String.join(",", known));
      }
    }
    for (String row : rows) {
      if (!known.contains(row)) {
        throw new IllegalArgumentException(
            "no row is called '" + row + "'; there are " + String.join(", ", known));
      }
    }
    return new Options(rows, quick);
  }
}
