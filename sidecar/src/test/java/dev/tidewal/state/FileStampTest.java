package dev.tidewal.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.Txid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStampTest {
  @TempDir Path directory;
  private Path file;
  private FileStamp stamp;

  @BeforeEach
  void settle() throws Exception {
    file = directory.resolve("app.db");
    Files.writeString(file, "content");
    stamp = FileStamp.of(file).orElseThrow();
    Thread.sleep(FileStamp.SETTLE_MILLIS);
  }

  @Test
  void aFileThatNobodyWritesKeepsIt() throws IOException {
    assertThat(Files.readString(file)).isEqualTo("content");

    assertThat(FileStamp.of(file)).contains(stamp);
  }

  @Test
  void theSameBytesWrittenAgainChangeIt() throws IOException {
    Files.writeString(file, "content", StandardOpenOption.WRITE);

    assertThat(FileStamp.of(file)).isPresent().get().isNotEqualTo(stamp);
  }

  @Test
  void aModificationTimeThatIsSetBackDoesNotBringItBack() throws IOException {
    FileTime before = Files.getLastModifiedTime(file);
    Files.writeString(file, "CONTENT", StandardOpenOption.WRITE);
    Files.setLastModifiedTime(file, before);

    assertThat(FileStamp.of(file)).isPresent().get().isNotEqualTo(stamp);
  }

  @Test
  void aCopyWithAllAttributesHasAnotherOne() throws IOException {
    Path copy = directory.resolve("copy.db");
    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
    Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);

    assertThat(FileStamp.of(file)).isPresent().get().isNotEqualTo(stamp);
  }

  @Test
  void aMissingFileHasNone() throws IOException {
    assertThat(FileStamp.of(directory.resolve("none.db"))).isEmpty();
  }

  @Test
  void aRecordThatIsDamagedProvesNothing() {
    Map<String, String> lines = stamp.lines();
    lines.put("txid", "0000000000000007");
    assertThat(CleanStop.parse(lines)).contains(new CleanStop(new Txid(7), stamp));

    lines.put("changed", "soon");

    assertThat(CleanStop.parse(lines)).isEqualTo(Optional.empty());
  }
}
