package dev.tidewal.restore;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;

/** What planning a restore came to. */
public sealed interface PlanResult {
  /** Can be restored. */
  record Ready(RestorePlan plan) implements PlanResult {}

  /** The replica is empty, or doesn't go back that far. */
  record Nothing(String reason) implements PlanResult {}

  /** Objects are missing before the state that was asked for. */
  record Gap(MissingRange missing) implements PlanResult {
    String describe() {
      String cure =
          missing.before().isPresent() ? "--txid " + missing.from().plus(-1) + " or " : "";
      return missing + "; restore " + cure + "from another destination of this database";
    }
  }

  /** The TXID asked for is newer than anything in the replica. */
  record Beyond(Txid asked, Txid newest) implements PlanResult {}

  /**
   * The plan, or the error that a user sees.
   *
   * @param url names the replica in the message
   * @throws TidewalException.NothingToRestore when nothing is there, or nothing that old
   * @throws TidewalException.Refused when objects are missing
   */
  default RestorePlan orThrow(String url) {
    return switch (this) {
      case Ready ready -> ready.plan();
      case Nothing nothing ->
          throw new TidewalException.NothingToRestore(url + ": " + nothing.reason());
      case Gap gap -> throw new TidewalException.Refused(url + ": " + gap.describe());
      case Beyond beyond ->
          throw new TidewalException.Refused(
              url
                  + ": TXID "
                  + beyond.asked()
                  + " is not in the replica, its newest is "
                  + beyond.newest());
    };
  }
}
