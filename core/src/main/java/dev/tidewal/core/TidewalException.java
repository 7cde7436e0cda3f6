package dev.tidewal.core;

import org.jspecify.annotations.Nullable;

/**
 * An error that a user or a caller can act on. The message is one line: what happened, to which
 * object, and the cure.
 *
 * <p>The kinds are the classes below; {@code switch} over them is exhaustive. Local I/O errors stay
 * {@link java.io.IOException}.
 */
public abstract sealed class TidewalException extends RuntimeException {
  private final ExitCode exitCode;

  private TidewalException(ExitCode exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  /** A wrong argument, key, URL or configuration value. */
  public static final class Usage extends TidewalException {
    public Usage(String message) {
      super(ExitCode.USAGE, message, null);
    }

    public Usage(String message, Throwable cause) {
      super(ExitCode.USAGE, message, cause);
    }
  }

  /** The replica holds nothing to restore. */
  public static final class NothingToRestore extends TidewalException {
    public NothingToRestore(String message) {
      super(ExitCode.NOTHING_TO_RESTORE, message, null);
    }
  }

  /** Doing what was asked could lose data; the message names the cure. */
  public static final class Refused extends TidewalException {
    public Refused(String message) {
      super(ExitCode.REFUSED, message, null);
    }

    public Refused(String message, Throwable cause) {
      super(ExitCode.REFUSED, message, cause);
    }
  }

  /**
   * Bytes that are not what they should be: a failed checksum, a truncated object, a broken chain.
   */
  public static final class Corrupt extends TidewalException {
    public Corrupt(String message) {
      super(ExitCode.CORRUPT, message, null);
    }

    public Corrupt(String message, Throwable cause) {
      super(ExitCode.CORRUPT, message, cause);
    }
  }

  /**
   * The store did not answer, answered with a transient error until retries ran out, or throttled.
   * Trying later may help.
   */
  public static final class StoreUnreachable extends TidewalException {
    public StoreUnreachable(String message) {
      super(ExitCode.STORE_UNREACHABLE, message, null);
    }

    public StoreUnreachable(String message, @Nullable Throwable cause) {
      super(ExitCode.STORE_UNREACHABLE, message, cause);
    }
  }

  /** The store or the file system refused our credentials or rights. */
  public static final class PermissionDenied extends TidewalException {
    public PermissionDenied(String message) {
      super(ExitCode.PERMISSION, message, null);
    }

    public PermissionDenied(String message, @Nullable Throwable cause) {
      super(ExitCode.PERMISSION, message, cause);
    }
  }

  /** Another owner took the replica over; this writer has stopped itself. */
  public static final class Fenced extends TidewalException {
    public Fenced(String message) {
      super(ExitCode.FENCED, message, null);
    }
  }

  /** The object does not exist. Definite: never retried. */
  public static final class NotFound extends TidewalException {
    public NotFound(String message) {
      super(ExitCode.NOTHING_TO_RESTORE, message, null);
    }

    public NotFound(String message, @Nullable Throwable cause) {
      super(ExitCode.NOTHING_TO_RESTORE, message, cause);
    }
  }

  /** A conditional write met an object that is already there (HTTP 412). */
  public static final class PreconditionFailed extends TidewalException {
    public PreconditionFailed(String message) {
      super(ExitCode.REFUSED, message, null);
    }

    public PreconditionFailed(String message, @Nullable Throwable cause) {
      super(ExitCode.REFUSED, message, cause);
    }
  }

  /** The thread was interrupted; its interrupt flag is set again. */
  public static final class Cancelled extends TidewalException {
    public Cancelled(String message) {
      super(ExitCode.UNEXPECTED, message, null);
    }

    public Cancelled(String message, @Nullable Throwable cause) {
      super(ExitCode.UNEXPECTED, message, cause);
    }
  }
}
