package dev.tidewal.fence.simulator;

/** A defect that is built in on purpose: a simulator that doesn't find it proves nothing. */
enum Mutant {
  NONE,
  /** Every create replaces. */
  NO_CONDITION,
  /** Whatever is found at the next TXID is taken for an own upload. */
  NO_OWNER_CHECK,
  /** A start takes no notice of time: it claims on knowledge of any age. */
  NO_LOOK_AFTER_A_MINUTE,
  /** Who is to claim claims the newest head there is, with the decision made on an older one. */
  NO_NEW_DECISION,
  /** After an adoption, what was about to be sent counts as acknowledged. */
  ADOPTED_TAKEN_FOR_SENT,
  /**
   * Retention deletes claims too, and an owner takes no notice of time. (Each alone does no harm:
   * the promise is kept twice.)
   */
  NEITHER_CLAIMS_NOR_LOOKS,
  /** Nobody looks whether the replica's root marker is still there. */
  LOSS_NOT_LOOKED_FOR,
  /** A crash between a claim and the restore under it leaves no trace. */
  INTENTS_FORGOTTEN
}
