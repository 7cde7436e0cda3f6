package dev.tidewal.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinnedWalTest {
  @TempDir Path directory;

  /** As on a busy machine, where our thread loses its processor just then. */
  @Test
  void aCommitBetweenThePinAndTheLookAtTheWalDoesNotKeepItFromBeingSealed() throws IOException {
    Path database = directory.resolve("app.db");
    try (Application application = Application.withTable(database);
        WalFile file = new WalFile(database)) {
      Pins pins = Pins.open(database);
      application.insert(20, 1000);
      try (PinnedWal wal = new PinnedWal(pins, file, SealListener.NONE)) {
        WalStatus settled = wal.look();
        assertThat(wal.pinned()).as("what the pin may see").isEqualTo(settled.place());

        WalStatus sealed = wal.seal(settled);

        assertThat(wal.isSealed(sealed)).isTrue();
        assertThat(wal.isBehind(sealed)).isFalse();
        assertThat(application.sql("pragma wal_checkpoint(truncate)")).isEqualTo("0|0|0");
      }
    }
  }
}
