package dev.tidewal.cli;

import dev.tidewal.core.ExitCode;
import dev.tidewal.core.TidewalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/**
 * How a command that failed ends: what the shell gets, what the person reads.
 *
 * @param line one line, without the {@code tidewal:} in front
 * @param explained whether the line is enough; a stack trace is shown at debug level only
 */
record Failure(ExitCode code, String line, boolean explained) {

  /** The only mapping from errors to exit codes. */
  static Failure of(Throwable thrown) {
    return switch (thrown) {
      case TidewalException known -> new Failure(known.exitCode(), oneLine(known), true);
      case UncheckedIOException io when io.getCause() != null -> of(io.getCause());
      case FileSystemException io -> fileSystem(io);
      case IOException io -> plain(io);
      case OutOfMemoryError memory ->
          unexpected("out of memory (" + oneLine(memory) + "): give the JVM more with -Xmx");
      default ->
          unexpected(
              "unexpected "
                  + thrown.getClass().getSimpleName()
                  + ": "
                  + oneLine(thrown)
                  + "; run with --log-level debug and report it");
    };
  }

  private static Failure fileSystem(FileSystemException io) {
    String file = io.getFile() == null ? "a file" : io.getFile();
    return switch (io) {
      case AccessDeniedException denied -> permission(file);
      case NoSuchFileException missing ->
          new Failure(
              ExitCode.USAGE, file + " does not exist: check the path and its directory", true);
      case FileAlreadyExistsException exists ->
          new Failure(
              ExitCode.REFUSED, file + " exists: choose another name, or move it away", true);
      default -> {
        String reason = io.getReason() == null ? oneLine(io) : io.getReason();
        yield bySystemMessage(file, reason);
      }
    };
  }

  private static Failure plain(IOException io) {
    return bySystemMessage("", oneLine(io));
  }

  /** The JDK has no types for what the system says here. */
  private static Failure bySystemMessage(String file, String reason) {
    String where = file.isEmpty() ? "" : file + ": ";
    String said = reason.toLowerCase(Locale.ROOT);
    if (said.contains("no space left") || said.contains("quota exceeded")) {
      return new Failure(
          ExitCode.UNEXPECTED, where + "the disk is full: make room and run it again", true);
    }
    if (said.contains("read-only file system")) {
      return new Failure(
          ExitCode.PERMISSION,
          where + "the file system is read-only: choose another place or mount it writable",
          true);
    }
    if (said.contains("permission denied") || said.contains("operation not permitted")) {
      return permission(file.isEmpty() ? reason : file);
    }
    if (said.contains("too many open files")) {
      return new Failure(
          ExitCode.UNEXPECTED, where + "too many open files: raise the limit (ulimit -n)", true);
    }
    return new Failure(ExitCode.UNEXPECTED, where + reason, false);
  }

  private static Failure permission(String file) {
    return new Failure(
        ExitCode.PERMISSION,
        file + ": permission denied: run as the user that owns it, or change its rights",
        true);
  }

  private static Failure unexpected(String line) {
    return new Failure(ExitCode.UNEXPECTED, line, false);
  }

  private static String oneLine(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null || message.isBlank()
        ? thrown.getClass().getSimpleName()
        : message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
