package dev.tidewal.fence;

import dev.tidewal.replica.ReplicaClient.WriteMode;

/** How a replica keeps two writers apart; recorded once, in its root marker. */
public enum Fencing {
  /** Every L0 is created under a condition: the store itself refuses the second writer. */
  CONDITIONAL_CREATE("conditional-create"),
  /** The store keeps no condition: a writer looks before it writes, which leaves a window. */
  UNFENCED("unfenced");

  private final String text;

  Fencing(String text) {
    this.text = text;
  }

  /** As the root marker has it. */
  public String text() {
    return text;
  }

  WriteMode writeMode() {
    return switch (this) {
      case CONDITIONAL_CREATE -> WriteMode.CREATE;
      case UNFENCED -> WriteMode.REPLACE;
    };
  }
}
