package dev.tidewal.restore;

import dev.tidewal.core.TidewalException;
import dev.tidewal.ltx.LtxName;

/** One object of a plan can't be used: corrupt, or gone since it was listed. */
final class BrokenObject extends Exception {
  private final LtxName name;
  private final TidewalException reason;

  BrokenObject(LtxName name, TidewalException reason) {
    super(String.valueOf(reason.getMessage()), reason);
    this.name = name;
    this.reason = reason;
  }

  /** What is wrong with it, in one line. */
  String defect() {
    return String.valueOf(reason.getMessage());
  }

  LtxName name() {
    return name;
  }

  TidewalException reason() {
    return reason;
  }
}
