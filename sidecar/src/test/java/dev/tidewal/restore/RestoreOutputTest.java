package dev.tidewal.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewal.core.TidewalException.Refused;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  /** `--restore-if-missing` beside an application that has just made its file. */
  @Test
  void whatAnApplicationWroteMeanwhileIsLeftAlone(@TempDir Path directory) throws IOException {
    Path output = Files.createFile(directory.resolve("app.db"));
    try (RestoreOutput restored = RestoreOutput.open(output, true)) {
      restored.channel().write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
      Files.writeString(output, "rows of the application");
      Path wal = Files.writeString(directory.resolve("app.db-wal"), "more rows");

      assertThatThrownBy(restored::commit).isInstanceOf(Refused.class);
      assertThat(wal).exists();
    }
    assertThat(output).hasContent("rows of the application");
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
