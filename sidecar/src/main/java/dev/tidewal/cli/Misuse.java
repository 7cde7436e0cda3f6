package dev.tidewal.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What picocli finds wrong with the arguments, in our words. */
final class Misuse {
  private Misuse() {}

  /** One line: what is wrong, and what was probably meant. */
  static String line(ParameterException problem) {
    return switch (problem) {
      case UnmatchedArgumentException unmatched -> unmatched(unmatched);
      default -> lowerCase(String.valueOf(problem.getMessage())).replaceAll("\\s*\\R\\s*", " ");
    };
  }

  private static String unmatched(UnmatchedArgumentException problem) {
    String first = problem.getUnmatched().getFirst();
    boolean isRoot = problem.getCommandLine().getParent() == null;
    String kind = first.startsWith("-") ? "option" : isRoot ? "command" : "argument";
    List<String> meant = problem.getSuggestions();
    String cure = meant.isEmpty() ? "" : ": did you mean " + meant.getFirst() + "?";
    return "unknown " + kind + " " + first + cure;
  }

  private static String lowerCase(String sentence) {
    return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
  }
}
