package dev.tidewal.replica;

import java.time.Duration;
import java.util.List;

/**
 * What {@link StoreProbe} found out about a store.
 *
 * @param type "file", "s3", ...
 * @param url of the replica for which it was asked
 * @param conditionalCreate whether a second writer is noticed: every CREATE, also that of a large
 *     object, has exactly one winner, and never replaces
 * @param findings in the order in which they were made
 */
public record ProbeReport(
    String type, String url, boolean conditionalCreate, List<Finding> findings) {
  /** What was looked at. */
  public enum Capability {
    CREATE_RACE("16 writers create one object: one wins, and its bytes are stored"),
    MULTIPART_RACE("the same, completing multipart uploads"),
    STALE_CREATE("creating what exists is refused"),
    STALE_MULTIPART("the same, completing a multipart upload"),
    READ_AFTER_WRITE("what was written or replaced is read at once"),
    LIST_AFTER_WRITE("what was written is listed at once, in the order of keys"),
    LIST_FROM("a listing starts at a key, also one that doesn't exist"),
    RANGE_READ("a part of an object is read"),
    METADATA("metadata comes back as it was written"),
    COPY("objects are copied inside the store"),
    DELETE("what was deleted is gone, deleting it again is no error");

    private final String meaning;

    Capability(String meaning) {
      this.meaning = meaning;
    }

    public String meaning() {
      return meaning;
    }
  }

  /** How it went. */
  public enum Outcome {
    YES,
    NO,
    /** This kind of store has no such thing. */
    NOT_APPLICABLE
  }

  /**
   * One thing that was looked at.
   *
   * @param detail what was seen, for people
   * @param duration of the whole check
   */
  public record Finding(Capability capability, Outcome outcome, String detail, Duration duration) {}

  public Outcome outcome(Capability capability) {
    return findings.stream()
        .filter(finding -> finding.capability() == capability)
        .map(Finding::outcome)
        .findFirst()
        .orElse(Outcome.NOT_APPLICABLE);
  }

  static ProbeReport of(String type, String url, List<Finding> findings) {
    ProbeReport found = new ProbeReport(type, url, false, List.copyOf(findings));
    boolean conditional =
        found.outcome(Capability.CREATE_RACE) == Outcome.YES
            && found.outcome(Capability.STALE_CREATE) == Outcome.YES
            && found.outcome(Capability.MULTIPART_RACE) != Outcome.NO
            && found.outcome(Capability.STALE_MULTIPART) != Outcome.NO;
    return new ProbeReport(type, url, conditional, found.findings());
  }
}
