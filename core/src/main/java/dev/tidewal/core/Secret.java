package dev.tidewal.core;

/**
 * Text that must not appear in a log, a message or a status page: {@link #toString} hides it.
 *
 * @param value the secret itself
 */
public record Secret(String value) {
  @Override
  public String toString() {
    return "****";
  }
}
