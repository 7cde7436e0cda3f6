package dev.tidewal.restore;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Objects that lead from one state to another, oldest first.
 *
 * <p>An object (min, max) applies to any state from min - 1 on and yields exactly state max: it
 * holds the newest image of every page that changed in its range. So taking what reaches furthest,
 * again and again, reaches as far as any choice can (interval covering), from the empty database
 * too, where only a snapshot applies.
 *
 * @param from the state to start from, {@link Txid#ZERO} for none
 * @param files each applies to the state that the ones before it yield
 */
record LtxChain(Txid from, List<ObjectInfo> files) {
  /** Furthest last; among equals the one that starts earlier, then the higher level. */
  private static final Comparator<ObjectInfo> REACH =
      Comparator.comparing((ObjectInfo file) -> file.name().max())
          .thenComparing(file -> file.name().min(), Comparator.reverseOrder())
          .thenComparingInt(file -> file.name().level());

  LtxChain {
    files = List.copyOf(files);
  }

  /** As far as the candidates lead from a state. */
  static LtxChain longest(Txid from, Collection<ObjectInfo> candidates) {
    List<ObjectInfo> sorted = new ArrayList<>(candidates);
    sorted.sort(Comparator.comparing(file -> file.name().min()));
    List<ObjectInfo> chosen = new ArrayList<>();
    Txid reached = from;
    @Nullable ObjectInfo best = null;
    int next = 0;
    while (true) {
      while (next < sorted.size() && !sorted.get(next).name().min().isAfter(reached.next())) {
        ObjectInfo candidate = sorted.get(next++);
        if (best == null || REACH.compare(candidate, best) > 0) {
          best = candidate;
        }
      }
      if (best == null || !best.name().max().isAfter(reached)) {
        return new LtxChain(from, chosen);
      }
      chosen.add(best);
      reached = best.name().max();
    }
  }

  Txid reached() {
    return files.isEmpty() ? from : files.getLast().name().max();
  }

  /** The gap behind this chain, when candidates lie beyond it that it could not reach. */
  Optional<MissingRange> gap(Collection<ObjectInfo> candidates) {
    Optional<LtxName> last =
        files.isEmpty() ? Optional.empty() : Optional.of(files.getLast().name());
    return candidates.stream()
        .map(ObjectInfo::name)
        .filter(name -> name.min().isAfter(reached().next()))
        .min(Comparator.naturalOrder())
        .map(after -> new MissingRange(reached().next(), after.min().plus(-1), last, after));
  }
}
