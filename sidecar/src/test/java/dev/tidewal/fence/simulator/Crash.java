package dev.tidewal.fence.simulator;

/** The process has ended: unwinds its thread through whatever code it is in. */
final class Crash extends Error {
  private static final long serialVersionUID = 1;

  Crash() {
    super("crash", null, false, false);
  }
}
