package dev.tidewal.core;

/** What the {@code tidewal} command answers to the shell. The numbers are part of the contract. */
public enum ExitCode {
  OK(0),
  UNEXPECTED(1),
  USAGE(2),
  NOTHING_TO_RESTORE(3),
  REFUSED(4),
  CORRUPT(5),
  STORE_UNREACHABLE(6),
  PERMISSION(7),
  FENCED(8);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** The exit code with this number, {@link #UNEXPECTED} when there is none. */
  public static ExitCode of(int code) {
    return code >= 0 && code < values().length ? values()[code] : UNEXPECTED;
  }

  public int code() {
    return code;
  }
}
