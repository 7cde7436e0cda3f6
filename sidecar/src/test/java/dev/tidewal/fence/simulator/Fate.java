package dev.tidewal.fence.simulator;

/** What becomes of a request. */
enum Fate {
  DONE,
  /** Takes effect, and is repeated by the network some time later. */
  TWICE,
  /** Takes effect after a long time, and is answered after another. */
  SLOW,
  /** Never arrives. */
  LOST,
  /** Takes effect, and its sender never learns it. */
  ANSWER_LOST,
  /** Takes effect long after its sender gave up. */
  LATE
}
