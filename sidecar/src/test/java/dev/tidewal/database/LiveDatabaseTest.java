package dev.tidewal.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveDatabaseTest {
  @TempDir Path directory;

  @Test
  void everyCommitArrivesInTheReplica() throws IOException {
    Path database = directory.resolve("app.db");
    Following following;
    try (Application application = Application.withTable(database)) {
      following = Following.from(database);
      for (int i = 0; i < 50; i++) {
        application.insert(i, 300);
        following.catchUp();
        following.live.tend();
      }
      following.live.close();
      application.closeConnection("main");
    }

    following.replica.assertEqualTo(database);
  }

  @Test
  void nothingIsCapturedWhenNothingWasCommitted() throws IOException {
    Path database = directory.resolve("app.db");
    try (Application application = Application.withTable(database);
        Following following = Following.from(database)) {
      application.sql("begin immediate");
      application.insert(5000, 1000);
      application.sql("rollback");

      assertThat(following.catchUp()).isZero();
    }
  }

  @Test
  void aChangeThatWasNoCommitDoesNotAgeTheNextOne() throws IOException {
    Path database = directory.resolve("app.db");
    try (Application application = Application.withTable(database);
        Following following = Following.from(database)) {
      following.live.noticed(Instant.EPOCH);
      following.catchUp();
      application.insert(1, 10);

      Capture next = following.live.capture(Long.MAX_VALUE).orElseThrow();

      assertThat(next.oldestCommit()).isAfter(Instant.EPOCH);
      following.live.abandon(next);
    }
  }

  @Test
  void aSealedWalIsRestartedByTheNextCommitAndFollowedOn() throws IOException {
    Path database = directory.resolve("app.db");
    Following following;
    try (Application application = Application.withTable(database)) {
      following = Following.from(database);
      for (int round = 0; round < 5; round++) {
        application.insert(100, 1000);
        following.catchUp();
        following.seal();
        application.insert(1, 10);
        following.catchUp();
      }

      assertThat(Files.size(directory.resolve("app.db-wal"))).isLessThan(200_000);
      following.live.close();
      application.closeConnection("main");
    }

    following.replica.assertEqualTo(database);
  }

  @Test
  void closingLeavesTheWalInPlace() throws IOException {
    Path database = directory.resolve("app.db");
    try (Application application = Application.withTable(database)) {
      Following following = Following.from(database);
      following.seal();
      application.insert(10, 100);
      application.closeConnection("main");
      following.live.close();
    }

    assertThat(Files.size(directory.resolve("app.db-wal"))).isPositive();
  }

  /** An upload that nobody waits for any more may still hold it. */
  @Test
  void aCaptureEndsWithItsDatabase() throws IOException {
    Path database = directory.resolve("app.db");
    try (Application application = Application.withTable(database);
        Following following = Following.from(database)) {
      application.insert(10, 100);
      Capture capture = following.live.capture(Following.ANY).orElseThrow();

      following.live.close();

      assertThatThrownBy(() -> capture.pages((pgno, page, offset) -> {}))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
