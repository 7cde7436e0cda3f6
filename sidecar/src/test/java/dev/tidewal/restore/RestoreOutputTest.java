package dev.tidewal.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestoreOutputTest {
  /** Linux's texts for EPERM (FAT, exFAT, CIFS), ENOTSUP and ENOSYS (FUSE). */
  @ParameterizedTest
  @ValueSource(
      strings = {"Operation not permitted", "Operation not supported", "Function not implemented"})
  void aVolumeWithoutHardLinksIsRecognised(String reason) {
    assertThat(RestoreOutput.isWithoutLinks(new FileSystemException("a", "b", reason))).isTrue();
  }

  @Test
  void soIsOneThatForbidsThem() {
    assertThat(RestoreOutput.isWithoutLinks(new AccessDeniedException("a"))).isTrue();
  }

  @Test
  void aFullVolumeIsSomethingElse() {
    assertThat(
            RestoreOutput.isWithoutLinks(
                new FileSystemException("a", "b", "No space left on device")))
        .isFalse();
  }
}
