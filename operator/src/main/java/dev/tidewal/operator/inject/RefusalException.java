package dev.tidewal.operator.inject;

/** A pod that can't have the sidecar; caught where the answer is made. */
final class RefusalException extends Exception {
  private static final long serialVersionUID = 1;

  RefusalException(String message) {
    super(message, null, false, false);
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
