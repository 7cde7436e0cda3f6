package dev.tidewal.fence;

/** How an append ended. */
public sealed interface AppendResult {
  /** The store holds an object of ours at the next TXID, and it is recorded. */
  sealed interface Acknowledged extends AppendResult {
    StoredBatch stored();
  }

  /** The batch was stored as it was given. */
  record Appended(StoredBatch stored, long sizeBytes) implements Acknowledged {}

  /**
   * An earlier attempt of ours was there: what it holds is acknowledged, and the given batch is
   * not. The caller goes on from {@link StoredBatch#end}, with everything after it.
   */
  record Adopted(StoredBatch stored) implements Acknowledged {}

  /**
   * An earlier attempt of ours may still arrive, in a store that lets it replace what is there by
   * then. So its TXID was passed with an object without pages. What comes next has to hold every
   * page that the earlier attempt held: then it makes no difference which of the two is there.
   */
  record Passed(StoredBatch stored) implements Acknowledged {}

  /**
   * Nothing was stored: somebody emptied the replica, and what is written now could not be
   * restored. The start has to be decided anew.
   *
   * @param why one line
   */
  record Lost(String why) implements AppendResult {}
}
