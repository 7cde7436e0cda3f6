package dev.tidewal.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.database.Continuity.Recorded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseEventsTest {
  @TempDir Path directory;
  private Path database;

  @BeforeEach
  void name() {
    database = directory.resolve("app.db");
  }

  @Test
  void aDeletedDatabaseEndsTheStream() throws Exception {
    try (Application application = Application.withTable(database);
        Following following = Following.from(database)) {
      application.insert(5, 100);
      deleteDatabase();

      assertThat(following.live.capture(Following.ANY)).isEmpty();
      assertThat(following.live.event()).contains(new DatabaseEvent.Deleted());
      assertThat(following.live.tend().state()).isEqualTo(WalHealth.State.ENDED);
    }
  }

  @Test
  void aRecreatedDatabaseIsAnotherOneAndClosingTheOldOneDoesNotTouchIt() throws Exception {
    try (Application application = Application.withTable(database);
        Following old = Following.from(database)) {
      application.insert(5, 100);
      old.catchUp();
      deleteDatabase();
      try (Application second = Application.withTable(database)) {
        second.insert(50, 500);

        assertThat(old.live.capture(Following.ANY)).isEmpty();
        assertThat(old.live.event()).contains(new DatabaseEvent.Replaced());
        try (Following fresh = Following.from(database)) {
          old.live.close();
          second.insert(50, 500);
          fresh.catchUp();
          assertThat(fresh.live.event()).isEmpty();
          assertIsCommitted(fresh);
        }
      }
    }
  }

  @Test
  void aDatabaseThatWasMovedIntoPlaceIsAnotherOne() throws Exception {
    Path other = directory.resolve("other.db");
    try (Application application = Application.withTable(other)) {
      application.insert(100, 100);
      application.sql("pragma wal_checkpoint(truncate)");
    }
    try (Application application = Application.withTable(database);
        Following following = Following.from(database)) {
      application.closeConnection("main");
      Files.move(other, database, StandardCopyOption.REPLACE_EXISTING);

      assertThat(following.live.tend().state()).isEqualTo(WalHealth.State.ENDED);
      assertThat(following.live.event()).contains(new DatabaseEvent.Replaced());
    }
  }

  @Test
  void aFileCopiedOverTheDatabaseInPlaceIsNoticed() throws Exception {
    Path other = directory.resolve("other.db");
    try (Application application = Application.start(other)) {
      application.open("main", 1000);
      application.sql("create table t(x)");
    }
    try (Application application = Application.withTable(database);
        Following following = Following.from(database)) {
      application.closeConnection("main");
      copyOver(other);

      assertThat(following.live.capture(Following.ANY)).isEmpty();
      assertThat(following.live.event()).contains(new DatabaseEvent.NotWal());
    }
  }

  @Test
  void aDatabaseOfAnotherPageSizeIsNoticed() throws Exception {
    Path other = directory.resolve("other.db");
    try (Application application = Application.start(other)) {
      application.open("main", 1000);
      application.sql("pragma page_size=8192");
      application.sql("pragma journal_mode=wal");
      application.sql("create table t(x)");
      application.closeConnection("main");
    }
    try (Application application = Application.withTable(database);
        Following following = Following.from(database)) {
      application.closeConnection("main");
      copyOver(other);

      assertThat(following.live.capture(Following.ANY)).isEmpty();
      assertThat(following.live.event()).contains(new DatabaseEvent.PageSizeChanged(4096, 8192));
    }
  }

  @Test
  void aWalThatIsDeletedUnderTheApplicationIsNoticed() throws Exception {
    try (Application application = Application.withTable(database);
        Following following = Following.from(database)) {
      application.insert(5, 100);
      following.catchUp();
      Files.delete(directory.resolve("app.db-wal"));

      assertThat(following.live.capture(Following.ANY)).isEmpty();
      assertThat(following.live.event()).contains(new DatabaseEvent.WalReplaced());
    }
  }

  /** As scripts do that tidy up before an application starts. */
  @Test
  void anIndexThatIsDeletedBetweenTwoRunsOfTheApplicationIsNoticed() throws Exception {
    try (Application application = Application.withTable(database)) {
      Following first = Following.from(database);
      application.insert(5, 100);
      first.catchUp();
      Capture all = first.live.full();
      Recorded recorded = new Recorded(all.to(), all.commit(), false);
      first.take(all);
      application.closeConnection("main");
      Files.delete(directory.resolve("app.db-shm"));
      application.open("main", 5000);
      application.insert(5, 100); // into another index, which we don't see

      assertThat(first.live.capture(Following.ANY)).isEmpty();
      assertThat(first.live.event()).contains(new DatabaseEvent.IndexReplaced());
      first.live.close();
      try (Following second = Following.resume(database, first.replica, recorded)) {
        second.catchUp();
        assertIsCommitted(second);
      }
    }
  }

  /** Whoever has it open goes on to share it; a new one would be there for us alone. */
  @Test
  void anIndexThatIsDeletedUnderTheApplicationIsSharedOn() throws Exception {
    Path index = directory.resolve("app.db-shm");
    try (Application application = Application.withTable(database);
        Following following = Following.from(database)) {
      application.insert(5, 100);
      Files.delete(index);
      application.insert(5, 100);
      following.catchUp();
      following.seal();
      application.insert(50, 1000); // restarts the WAL

      following.catchUp();

      assertThat(following.live.event()).isEmpty();
      assertThat(index).doesNotExist();
      assertIsCommitted(following);
    }
  }

  @Test
  void aDatabaseBehindALinkIsFollowed() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(elsewhere.resolve("link.db"), database);
    try (Application application = Application.withTable(database);
        Following following = Following.from(link)) {
      application.insert(5, 100);
      following.catchUp();

      assertIsCommitted(following);
    }
  }

  @Test
  void aLinkThatLeadsElsewhereIsAnotherDatabase() throws Exception {
    Path link = directory.resolve("link.db");
    Path other = directory.resolve("other.db");
    try (Application application = Application.withTable(database)) {
      Files.createSymbolicLink(link, database);
      try (Following following = Following.from(link)) {
        Files.copy(database, other);
        Files.delete(link);
        Files.createSymbolicLink(link, other);

        assertThat(following.live.capture(Following.ANY)).isEmpty();
        assertThat(following.live.event()).contains(new DatabaseEvent.Replaced());
      }
    }
  }

  @Test
  void aByteThatFlipsInACommittedFrameIsNoticed() throws Exception {
    try (Application application = Application.withTable(database);
        Following following = Following.from(database)) {
      application.insert(5, 100);
      Path wal = directory.resolve("app.db-wal");
      byte[] bytes = Files.readAllBytes(wal);
      bytes[bytes.length - 100] ^= 1;
      Files.write(wal, bytes);

      assertThat(following.live.capture(Following.ANY)).isEmpty();
      assertThat(following.live.event()).get().isInstanceOf(DatabaseEvent.WalDamaged.class);
    }
  }

  @Test
  void aJournalModeThatWentAwayAndCameBackWhileWeWereAwayIsUnproven() throws Exception {
    try (Application application = Application.withTable(database)) {
      Following first = Following.from(database);
      application.insert(20, 1000);
      first.catchUp();
      first.seal();
      Capture all = first.live.full();
      Recorded recorded = new Recorded(all.to(), all.commit(), true);
      first.live.close();

      application.sql("pragma journal_mode=delete");
      application.insert(20, 1000);
      application.sql("pragma journal_mode=wal");
      application.insert(20, 1000);
      Following second = Following.resume(database, first.replica, recorded);

      assertThat(second.live.continuity()).isInstanceOf(Continuity.Unproven.class);
      second.take(second.live.difference(second.replica::checksum));
      assertIsCommitted(second);
      second.live.close();
    }
  }

  @Test
  void besideUsTheApplicationCannotLeaveWalMode() throws Exception {
    try (Application application = Application.withTable(database);
        Following following = Following.from(database)) {
      String answer;
      try {
        answer = application.sql("pragma journal_mode=delete");
      } catch (IOException e) {
        answer = String.valueOf(e.getMessage());
      }

      assertThat(answer).containsAnyOf("wal", "locked");
      assertThat(following.live.capture(Following.ANY)).isEmpty();
      assertThat(following.live.event()).isEmpty();
    }
  }

  private void deleteDatabase() throws IOException {
    for (String suffix : new String[] {"", "-wal", "-shm"}) {
      Files.deleteIfExists(directory.resolve("app.db" + suffix));
    }
  }

  /** As {@code cp} does: the same inode. */
  private void copyOver(Path other) throws IOException {
    Files.write(database, Files.readAllBytes(other));
  }

  private void assertIsCommitted(Following following) throws Exception {
    following.replica.assertEqualTo(CommittedState.of(database, directory.resolve("copy")));
  }
}
