package dev.tidewal.fence;

import dev.tidewal.core.Txid;

/** The longer sentences of {@link StartRow}. */
final class StartMessages {
  private StartMessages() {}

  /** What the replica lacks, and who knows. */
  static String shortOfFloor(StartFacts f) {
    if (f.state().headIsRemnant()) {
      return f.replica() + " was emptied and holds only what was sent after that";
    }
    String has = f.hasHead() ? f.replica() + " ends at " + f.headTxid() : f.replica() + " is empty";
    return f.highestFloor() instanceof Floor.At floor
        ? has
            + " although "
            + floor.witness()
            + " recorded "
            + floor.position().txid()
            + " as durable"
        : has + " although there is an unreadable local state of it";
  }

  static String lost(StartFacts f, Txid upTo) {
    return f.database()
        + ": REPLICA LOST, "
        + (f.highestFloor() instanceof Floor.None ? f.replica() + " is empty" : shortOfFloor(f))
        + "; going on with the local file, full snapshot 1.."
        + upTo
        + " follows; find out who deleted the objects";
  }

  static String forked(StartFacts f) {
    String why = f.atHead() instanceof Continuity.Forked forked ? forked.why() : "kept before";
    return diverges(f, why);
  }

  static String behind(StartFacts f) {
    return diverges(f, "it lost commits that the replica has, and the application runs on it");
  }

  static String chosen(StartFacts f) {
    return diverges(f, "kept by --keep local");
  }

  private static String diverges(StartFacts f, String why) {
    return f.database()
        + ": DIVERGED from "
        + f.headTxid()
        + " of "
        + f.replica()
        + " ("
        + why
        + "); going on with the local file, the replica's state stays restorable by TXID for 7"
        + " days";
  }

  static String behindRefused(StartFacts f) {
    return f.database()
        + " is older than "
        + f.headTxid()
        + " of "
        + f.replica()
        + "; stop the application and start again, so that the file can be brought forward";
  }

  static String broughtForward(StartFacts f, String relation) {
    return f.database()
        + " "
        + relation
        + " "
        + f.headTxid()
        + " of "
        + f.replica()
        + "; keeping the old file aside and restoring the replica's";
  }

  static StartProblem problem(StartFacts f) {
    if (!f.isBelowFloor()) {
      return StartProblem.DIVERGED;
    }
    return f.hasHead() ? StartProblem.BELOW_FLOOR : StartProblem.REPLICA_LOST;
  }

  static String diverged(StartFacts f) {
    return f.isBelowFloor()
        ? f.database()
            + " is not known to hold it: "
            + shortOfFloor(f)
            + "; choose --keep local, or restore from another destination"
        : f.database()
            + " and "
            + f.headTxid()
            + " of "
            + f.replica()
            + " are different histories; choose --keep local or --keep replica, the other side is"
            + " kept aside";
  }

  static String strangers(StartFacts f) {
    return f.database()
        + ": another owner wrote "
        + f.headTxid()
        + " of "
        + f.replica()
        + " last; stop that one and start again before the application, or choose --keep local";
  }

  static String silent(StartFacts f) {
    if (f.head() instanceof ReplicaHead.Unreachable head) {
      return f.replica() + " does not answer (" + head.cause() + ")";
    }
    return f.floor() instanceof Floor.Unknown floor
        ? "the witness " + floor.witness() + " does not answer"
        : "no answer";
  }
}
