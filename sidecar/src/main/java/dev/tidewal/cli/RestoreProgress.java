package dev.tidewal.cli;

import dev.tidewal.restore.RestoreListener;
import dev.tidewal.restore.RestorePlan;

/** Draws a restore. */
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
  public void read(long bytes) {
    line.advance(bytes);
  }

  @Override
  public void finishing(String step) {
    line.step(step);
  }
}
