package dev.tidewal.cli;

import dev.tidewal.restore.RestoreListener;
import dev.tidewal.restore.RestorePlan;

/** Draws a restore, or whatever else reads a replica. */
final class RestoreProgress implements RestoreListener {
  private final ProgressLine line;

  RestoreProgress(ProgressLine line) {
    this.line = line;
  }

  @Override
  public void started(RestorePlan plan) {
    line.expect(plan.sizeBytes());
  }

  @Override
  public void reading(long bytes) {
    line.expect(bytes);
  }

  @Override
  public void read(long bytes) {
    line.advance(bytes);
  }

  @Override
  public void finishing(String step) {
    line.step(step);
  }
}
