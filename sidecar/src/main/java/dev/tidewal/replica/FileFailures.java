package dev.tidewal.replica;

import dev.tidewal.core.TidewalException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** Turns the errors of a file system into those of {@link ReplicaClient}. */
final class FileFailures {
  private FileFailures() {}

  /** Something done to a file. */
  @FunctionalInterface
  interface FileCall<T> {
    T call() throws IOException;
  }

  /** Runs {@code call}, unless the thread is interrupted, and maps what it throws. */
  static <T> T mapped(String operation, Path path, FileCall<T> call) {
    if (Thread.currentThread().isInterrupted()) {
      throw new TidewalException.Cancelled(operation + " " + path + ": interrupted");
    }
    try {
      return call.call();
    } catch (DirectoryIteratorException e) {
      throw of(operation, path, e.getCause() == null ? new IOException(e) : e.getCause());
    } catch (IOException e) {
      throw of(operation, path, e);
    }
  }

  static TidewalException of(String operation, Path path, IOException e) {
    String what = operation + " " + path + ": ";
    String reason = reason(e);
    if (e instanceof ClosedByInterruptException) {
      return new TidewalException.Cancelled(what + "interrupted", e);
    }
    if (e instanceof NoSuchFileException) {
      return new TidewalException.NotFound(what + "no such file", e);
    }
    if (e instanceof AccessDeniedException
        || reason.contains("read-only file system")
        || reason.contains("operation not permitted")) {
      return new TidewalException.PermissionDenied(
          what + describe(e, "permission denied") + "; check owner and mode of the directory", e);
    }
    if (reason.contains("no space left") || reason.contains("quota exceeded")) {
      return new TidewalException.StoreUnreachable(
          what + describe(e, "no space left on device") + "; free some space on the volume", e);
    }
    return new TidewalException.StoreUnreachable(what + describe(e, e.toString()), e);
  }

  /** Whether the file system can't do this at all (FAT, some FUSE and network file systems). */
  static boolean isUnsupported(IOException e) {
    String reason = reason(e);
    return reason.contains("not supported")
        || reason.contains("not permitted")
        || reason.contains("not implemented");
  }

  private static String reason(IOException e) {
    return describe(e, "").toLowerCase(Locale.ROOT);
  }

  /** The reason alone: a FileSystemException's message repeats the path. */
  private static String describe(IOException e, String otherwise) {
    String text = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return text == null ? otherwise : text;
  }
}
