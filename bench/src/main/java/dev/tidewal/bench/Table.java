package dev.tidewal.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/** Collects lines, shows each as it comes, and gives all as one Markdown table. */
final class Table {
  private static final String NOTHING = "-";
  private static final String MISSED = "MISSED";

  private final List<Line> lines = new ArrayList<>();

  private record Line(String what, String peer, String ours, String target, String verdict) {
    String markdown() {
      return "| " + String.join(" | ", what, peer, ours, target, verdict) + " |";
    }
  }

  /** A line that only informs. */
  <T> void note(String what, Pair<T> pair, Function<T, String> text) {
    add(new Line(what, text(pair.peer(), text), text(pair.ours(), text), "", ""));
  }

  /** A line with a bound for our figure. */
  <T> void bound(
      String what, Pair<T> pair, Function<T, String> text, String target, Predicate<T> met) {
    String verdict = pair.ours().isPresent() && met.test(pair.ours().get()) ? "met" : MISSED;
    add(new Line(what, text(pair.peer(), text), text(pair.ours(), text), target, verdict));
  }

  /** A line that compares: {@code met} gets the peer's figure and ours. */
  <T> void ratio(
      String what, Pair<T> pair, Function<T, String> text, String target, BiPredicate<T, T> met) {
    String verdict;
    if (pair.ours().isEmpty()) {
      verdict = MISSED;
    } else if (pair.peer().isEmpty()) {
      verdict = "no peer";
    } else {
      verdict = met.test(pair.peer().get(), pair.ours().get()) ? "met" : MISSED;
    }
    add(new Line(what, text(pair.peer(), text), text(pair.ours(), text), target, verdict));
  }

  String markdown() {
    StringBuilder text =
        new StringBuilder("| what | Litestream | Tidewal | target | |\n|---|---|---|---|---|\n");
    lines.forEach(line -> text.append(line.markdown()).append('\n'));
    return text.toString();
  }

  long missed() {
    return lines.stream().filter(line -> line.verdict().equals(MISSED)).count();
  }

  private void add(Line line) {
    lines.add(line);
    System.err.println(line.markdown());
  }

  private static <T> String text(Optional<T> value, Function<T, String> text) {
    return value.map(text).orElse(NOTHING);
  }
}
