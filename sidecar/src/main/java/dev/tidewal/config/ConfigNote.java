package dev.tidewal.config;

/**
 * Something about a configuration that is no error, for the caller to print.
 *
 * @param where file and line
 * @param message one line: what, and what happens instead
 */
public record ConfigNote(Severity severity, String where, String message) {
  /** Whether something that was asked for does not happen. */
  public enum Severity {
    /** A key that isn't needed here; nothing is lost. */
    INFO,
    /** What the key asks for does not happen. */
    WARNING
  }

  @Override
  public String toString() {
    return where + ": " + message;
  }
}
