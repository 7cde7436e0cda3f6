package dev.tidewal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.ExitCode;
import dev.tidewal.core.TidewalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FailureTest {
  @Test
  void everyKindOfOursHasItsExitCode() {
    assertCode(new TidewalException.Usage("x"), 2);
    assertCode(new TidewalException.NothingToRestore("x"), 3);
    assertCode(new TidewalException.NotFound("x"), 3);
    assertCode(new TidewalException.Refused("x"), 4);
    assertCode(new TidewalException.PreconditionFailed("x"), 4);
    assertCode(new TidewalException.Corrupt("x"), 5);
    assertCode(new TidewalException.StoreUnreachable("x"), 6);
    assertCode(new TidewalException.PermissionDenied("x"), 7);
    assertCode(new TidewalException.Fenced("x"), 8);
    assertCode(new TidewalException.Cancelled("x"), 1);
  }

  @Test
  void aFullDiskSaysSoInOneLine() {
    Failure failure =
        Failure.of(new FileSystemException("/data/app.db", null, "No space left on device"));

    assertThat(failure.code()).isEqualTo(ExitCode.UNEXPECTED);
    assertThat(failure.line())
        .isEqualTo("/data/app.db: the disk is full: make room and run it again");
    assertThat(Failure.of(new IOException("No space left on device")).line())
        .startsWith("the disk is full");
  }

  @Test
  void missingRightsAreAPermissionProblemWhoeverReportsThem() {
    assertCode(new AccessDeniedException("/data/app.db"), 7);
    assertCode(new FileSystemException("/data/x", null, "Read-only file system"), 7);
    assertCode(new IOException("/data/x (Permission denied)"), 7);
  }

  @Test
  void aMissingFileIsTheUsersAndAnExistingOneIsKept() {
    assertCode(new NoSuchFileException("/data/app.db"), 2);
    assertCode(new FileAlreadyExistsException("/data/app.db"), 4);
  }

  @Test
  void anUncheckedWrapperIsLookedInto() {
    assertCode(new UncheckedIOException(new AccessDeniedException("/data/app.db")), 7);
  }

  @Test
  void aDefectIsUnexpectedAndAsksForAReport() {
    Failure failure = Failure.of(new IllegalStateException("first\n  second"));

    assertThat(failure.code()).isEqualTo(ExitCode.UNEXPECTED);
    assertThat(failure.line()).startsWith("unexpected IllegalStateException: first second;");
    assertThat(failure.explained()).isFalse();
  }

  private static void assertCode(Throwable thrown, int code) {
    assertThat(Failure.of(thrown).code().code()).as(thrown.toString()).isEqualTo(code);
    assertThat(Failure.of(thrown).line()).doesNotContain("\n");
  }
}
