package dev.tidewal.fence;

/** How an append ended: the store holds an object of ours at the next TXID, and it is recorded. */
public sealed interface AppendResult {
  StoredBatch stored();

  /** The batch was stored as it was given. */
  record Appended(StoredBatch stored, long sizeBytes) implements AppendResult {}

  /**
   * An earlier attempt of ours was there: what it holds is acknowledged, and the given batch is
   * not. The caller goes on from {@link StoredBatch#end}, with everything after it.
   */
  record Adopted(StoredBatch stored) implements AppendResult {}
}
