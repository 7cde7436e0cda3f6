package dev.tidewal.config;

/**
 * How to log.
 *
 * @param level the least important message that is shown
 * @param toStandardError instead of standard output
 */
public record LoggingConfig(System.Logger.Level level, Format format, boolean toStandardError) {
  /** Form of a log line. */
  public enum Format {
    TEXT,
    JSON
  }
}
