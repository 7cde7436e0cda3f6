package dev.tidewal.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyMemoryTest {
  /** Seals small WALs under load. */
  private static final DatabaseSettings EARLY =
      new DatabaseSettings(
          DatabaseSettings.Conversion.ALLOWED,
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofMillis(5),
          64 << 10,
          256 << 10,
          SealListener.NONE);

  @TempDir private Path directory;

  @Test
  void nobodyGetsMoreThanThereIs() {
    CopyMemory memory = new CopyMemory(100);

    assertThat(memory.take(80)).isPresent();

    assertThat(memory.take(21)).isEmpty();
    assertThat(memory.take(20)).isPresent();
  }

  @Test
  void whatIsGivenBackTwiceCountsOnce() {
    CopyMemory memory = new CopyMemory(100);
    CopyMemory.Room room = memory.take(80).orElseThrow();

    room.close();
    room.close();

    assertThat(memory.freeBytes()).isEqualTo(100);
  }

  /** A seal under load takes what is not settled into memory, and a settled capture frees it. */
  @Test
  void aDatabaseGivesBackWhatItsSealsTook() throws Exception {
    long before = CopyMemory.OF_TAILS.freeBytes();
    Path database = directory.resolve("app.db");
    try (Application application = Application.withTable(database);
        Following following = Following.from(database, EARLY)) {
      for (int i = 0; i < 3; i++) {
        application.insert(100, 4000); // nothing is captured meanwhile
        following.live.tend();
      }
      assertThat(CopyMemory.OF_TAILS.freeBytes()).isLessThan(before);

      following.catchUp();

      assertThat(CopyMemory.OF_TAILS.freeBytes()).isEqualTo(before);
    }
  }

  @Test
  void capturesThatWaitForAStoreKeepNoWalFromBeingSealed() throws Exception {
    CopyMemory captures = CopyMemory.OF_CAPTURES;
    Path database = directory.resolve("app.db");
    try (CopyMemory.Room _ = captures.take(captures.freeBytes()).orElseThrow();
        Application application = Application.withTable(database);
        Following following = Following.from(database, EARLY)) {
      long before = CopyMemory.OF_TAILS.freeBytes();

      for (int i = 0; i < 3; i++) {
        application.insert(100, 4000); // nothing is captured meanwhile
        following.live.tend();
      }

      assertThat(CopyMemory.OF_TAILS.freeBytes()).as("memory for a tail").isLessThan(before);
    }
  }
}
