package dev.tidewal.restore;

import java.util.List;
import java.util.Optional;

/**
 * What verifying a replica found.
 *
 * @param objects a verdict on each object that was read, in the order of the listing
 * @param latest what a restore of the newest state would do without the broken ones
 * @param split signs of a second writer
 */
public record VerifyReport(
    List<ObjectVerdict> objects, PlanResult latest, Optional<SplitChain> split) {
  public VerifyReport {
    objects = List.copyOf(objects);
  }

  /** Whether every object is intact and the newest state can be restored. */
  public boolean isGood() {
    return split.isEmpty()
        && latest instanceof PlanResult.Ready
        && objects.stream().allMatch(verdict -> verdict.defect().isEmpty());
  }
}
