package dev.tidewal.compact;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The way from a TXID through objects that follow each other, the longest steps first. */
final class Route {
  private static final Comparator<LevelObject> BETTER =
      Comparator.comparingLong(LevelObject::last)
          .thenComparing(Comparator.comparingLong(LevelObject::first).reversed())
          .thenComparingInt(object -> object.name().level());

  private Route() {}

  /**
   * As far as the objects lead without a gap. Each step takes the one that reaches farthest, as
   * Litestream's restore plan does; taking less can never reach more.
   */
  static List<LevelObject> longest(List<LevelObject> objects, long from) {
    List<LevelObject> sorted =
        objects.stream().sorted(Comparator.comparingLong(LevelObject::first)).toList();
    List<LevelObject> route = new ArrayList<>();
    long reached = from;
    int next = 0;
    while (true) {
      LevelObject best = null;
      while (next < sorted.size() && sorted.get(next).first() <= reached + 1) {
        LevelObject candidate = sorted.get(next++);
        best = best == null || BETTER.compare(candidate, best) > 0 ? candidate : best;
      }
      if (best == null || best.last() <= reached) {
        return route;
      }
      route.add(best);
      reached = best.last();
    }
  }
}
