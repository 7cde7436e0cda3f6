package dev.tidewal.state;

import java.time.Instant;

/**
 * This writer lost its replica to another owner.
 *
 * @param pod uid of the pod in which it happened; empty outside of Kubernetes
 * @param reason one line for a person
 */
public record FencedMark(String pod, String reason, Instant at) {
  /** A mark holds for the life of its pod: a restarted sidecar in the same pod never claims. */
  public boolean bindsPod(String uid) {
    return !pod.isEmpty() && pod.equals(uid);
  }
}
