package dev.tidewal.restore;

import dev.tidewal.ltx.LtxSummary;
import dev.tidewal.replica.ObjectInfo;
import java.util.Optional;

/** What reading one object found. */
public sealed interface ObjectVerdict {
  ObjectInfo object();

  /**
   * Every byte is as it was written.
   *
   * @param checksumCompared whether it is a snapshot whose recorded checksum was met
   */
  record Intact(ObjectInfo object, LtxSummary summary, boolean checksumCompared)
      implements ObjectVerdict {}

  /** It can't be restored from. */
  record Broken(ObjectInfo object, String reason) implements ObjectVerdict {}

  /** It was deleted between listing and reading: retention at work. */
  record Gone(ObjectInfo object) implements ObjectVerdict {}

  /** What is wrong, in one line. */
  default Optional<String> defect() {
    return switch (this) {
      case Broken broken -> Optional.of(broken.reason());
      case Intact intact -> Optional.empty();
      case Gone gone -> Optional.empty();
    };
  }
}
