package dev.tidewal.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DatabaseSourceTest {
  private static final Path DIRECTORY = Path.of("/data");

  @Test
  void aStarMeansNoHiddenFiles() {
    DatabaseSource all = new DatabaseSource.Directory(DIRECTORY, "*", false, true);

    assertThat(all.includes(DIRECTORY.resolve("app.db"))).isTrue();
    assertThat(all.includes(DIRECTORY.resolve(".app.db-1a2b3c4d.restoring"))).isFalse();
  }

  @Test
  void hiddenFilesCanBeNamed() {
    DatabaseSource hidden = new DatabaseSource.Directory(DIRECTORY, ".*.db", false, true);

    assertThat(hidden.includes(DIRECTORY.resolve(".app.db"))).isTrue();
    assertThat(hidden.includes(DIRECTORY.resolve("app.db"))).isFalse();
  }
}
