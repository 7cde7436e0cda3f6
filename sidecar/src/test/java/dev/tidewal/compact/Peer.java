package dev.tidewal.compact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.ltx.LtxName;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** What Litestream 0.5.18 would do with a replica, from its documented behaviour. */
final class Peer {
  private Peer() {}

  /**
   * The last TXID of its restore without a target: the newest snapshot, then the object that
   * reaches farthest; an error when a level goes on beyond a gap.
   */
  static long restores(Collection<LtxName> objects) {
    long reached =
        objects.stream()
            .filter(name -> name.level() == LtxName.SNAPSHOT_LEVEL)
            .mapToLong(name -> name.max().value())
            .max()
            .orElse(0);
    while (true) {
      long from = reached;
      long next =
          objects.stream()
              .filter(name -> name.level() < LtxName.SNAPSHOT_LEVEL)
              .filter(name -> name.min().value() <= from + 1)
              .mapToLong(name -> name.max().value())
              .max()
              .orElse(0);
      if (next <= reached) {
        break;
      }
      reached = next;
    }
    long end = reached;
    assertThat(objects)
        .filteredOn(name -> name.level() < LtxName.SNAPSHOT_LEVEL)
        .allSatisfy(
            name -> assertThat(name.min().value()).as("%s", name).isLessThanOrEqualTo(end + 1));
    return reached;
  }

  /**
   * Its compaction into each level lists the level below from the level's end on, and wants no gap
   * there.
   */
  static void continuesFrom(Collection<LtxName> objects) {
    for (int level = 1; level <= 3; level++) {
      int above = level;
      long end =
          objects.stream()
              .filter(name -> name.level() == above)
              .mapToLong(name -> name.max().value())
              .max()
              .orElse(0);
      List<LtxName> inputs =
          objects.stream()
              .filter(name -> name.level() == above - 1 && name.min().value() > end)
              .sorted(Comparator.naturalOrder())
              .toList();
      for (int i = 1; i < inputs.size(); i++) {
        assertThat(inputs.get(i).min().value())
            .as("L%s after %s: %s", level, end, inputs)
            .isLessThanOrEqualTo(inputs.get(i - 1).max().value() + 1);
      }
    }
  }
}
