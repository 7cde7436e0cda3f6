package dev.tidewal.state;

import java.util.List;

/**
 * What was about to happen to the local file under a claim; on disk before the claim is tried, gone
 * when it is done.
 *
 * <p>Without it, a crash between the claim and the work would leave a state that says "we own the
 * head" beside a file that is not at the head, and the next start would take the file for newer.
 *
 * @param kind what was about to be done
 * @param owners owner ids of the claims that were tried for it, oldest first: while none of them
 *     has the head, the intent means nothing
 */
public record Intent(Kind kind, List<String> owners) {
  public Intent {
    owners = List.copyOf(owners);
  }

  /** What is done to the local file. */
  public enum Kind {
    /** The replica's state is about to replace the local file, or to become it. */
    RESTORE,
    /** The local file goes on although its history is another one; the replica's is a branch. */
    KEEP_LOCAL
  }
}
