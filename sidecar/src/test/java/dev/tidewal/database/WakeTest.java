package dev.tidewal.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WakeTest {
  private static final Wake.Intervals NO_LOOKS =
      new Wake.Intervals(Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1));
  private static final Wake.Intervals LOOKS =
      new Wake.Intervals(Duration.ofMillis(50), Duration.ofMillis(50), Duration.ofMillis(10));

  @TempDir Path directory;

  @Test
  void aCommitWakes() throws IOException {
    Path database = directory.resolve("app.db");
    AtomicInteger changes = new AtomicInteger();
    try (Application application = Application.withTable(database);
        Wake wake = Wake.start(NO_LOOKS);
        Wake.Watched watched = wake.watch(database, _ -> changes.incrementAndGet())) {
      application.insert(1, 10);

      await().until(() -> changes.get() > 0);
      assertThat(watched.isPolled()).isFalse();
    }
  }

  @Test
  void otherDatabasesOfTheDirectoryDoNotWake() throws IOException {
    Path database = directory.resolve("app.db");
    AtomicInteger ours = new AtomicInteger();
    AtomicInteger others = new AtomicInteger();
    try (Wake wake = Wake.start(NO_LOOKS);
        Wake.Watched _ = wake.watch(database, _ -> ours.incrementAndGet());
        Wake.Watched _ = wake.watch(directory.resolve("app.db2"), _ -> others.incrementAndGet())) {
      Files.writeString(directory.resolve("app.db2-wal"), "x");

      await().until(() -> others.get() > 0);
      assertThat(ours).hasValue(0);
    }
  }

  @Test
  void aDatabaseThatAppearsWakes() throws IOException {
    AtomicInteger changes = new AtomicInteger();
    try (Wake wake = Wake.start(NO_LOOKS);
        Wake.Watched _ =
            wake.watch(directory.resolve("later.db"), _ -> changes.incrementAndGet())) {
      Files.writeString(directory.resolve("later.db"), "x");

      await().until(() -> changes.get() > 0);
    }
  }

  /** All databases depend on one thread. */
  @Test
  void whoCannotBeToldIsToldLaterAndOthersAreToldAll() throws IOException {
    AtomicInteger failing = new AtomicInteger();
    AtomicInteger other = new AtomicInteger();
    try (Wake wake = Wake.start(LOOKS);
        Wake.Watched _ =
            wake.watch(
                directory.resolve("a.db"),
                _ -> {
                  failing.incrementAndGet();
                  throw new NoClassDefFoundError("injected");
                });
        Wake.Watched _ = wake.watch(directory.resolve("b.db"), _ -> other.incrementAndGet())) {
      append("a.db-wal");
      await().until(() -> failing.get() > 0);

      append("b.db-wal");

      await().until(() -> other.get() > 0);
      int before = failing.get();
      append("a.db-wal");
      await().until(() -> failing.get() > before);
    }
  }

  @Test
  void whoCouldNotBeToldIsToldByTheNextLook() throws IOException {
    append("a.db-wal");
    AtomicInteger calls = new AtomicInteger();
    try (Wake wake = Wake.start(LOOKS);
        Wake.Watched _ = wake.watch(directory.resolve("a.db"), _ -> failFirst(calls))) {
      append("a.db-wal");

      await().until(() -> calls.get() > 1);
    }
  }

  @Test
  void aFailureEndsNoEvents() throws IOException {
    append("a.db-wal");
    AtomicInteger calls = new AtomicInteger();
    try (Wake wake = Wake.start(NO_LOOKS);
        Wake.Watched _ = wake.watch(directory.resolve("a.db"), _ -> failFirst(calls))) {
      append("a.db-wal");
      await().until(() -> calls.get() == 1);

      append("a.db-wal");

      await().until(() -> calls.get() == 2);
    }
  }

  private static void failFirst(AtomicInteger calls) {
    if (calls.incrementAndGet() == 1) {
      throw new NoClassDefFoundError("injected");
    }
  }

  @Test
  void aStormOfChangesWakesOnce() throws IOException {
    AtomicInteger storm = new AtomicInteger();
    AtomicInteger other = new AtomicInteger();
    try (Wake wake = Wake.start(NO_LOOKS);
        Wake.Watched _ = wake.watch(directory.resolve("a.db"), _ -> storm.incrementAndGet());
        Wake.Watched _ = wake.watch(directory.resolve("b.db"), _ -> other.incrementAndGet())) {
      for (int i = 0; i < 50; i++) {
        append("a.db-wal");
      }
      append("b.db-wal"); // events come in order: when this one is told, all before it were seen

      await().until(() -> other.get() == 1);
      assertThat(storm).hasValue(1);
    }
  }

  @Test
  void whoAsksAgainIsToldOfTheNextChangeAlsoWhenNobodyWantedAnyMeanwhile() throws IOException {
    AtomicInteger changes = new AtomicInteger();
    try (Wake wake = Wake.start(NO_LOOKS);
        Wake.Watched watched =
            wake.watch(directory.resolve("a.db"), _ -> changes.incrementAndGet())) {
      append("a.db-wal");
      await().until(() -> changes.get() == 1);
      for (int i = 0; i < 50; i++) {
        append("a.db-wal"); // the events end, as these are for nobody
        Pause.millis(1);
      }

      watched.again();
      append("a.db-wal");

      await().until(() -> changes.get() == 2);
      assertThat(watched.isPolled()).isFalse();
    }
  }

  @Test
  void aDirectoryThatIsGoneIsNoErrorForWhoAsks() throws IOException {
    Path gone = Files.createDirectory(directory.resolve("gone"));
    AtomicInteger changes = new AtomicInteger();
    try (Wake wake = Wake.start(NO_LOOKS);
        Wake.Watched watched = wake.watch(gone.resolve("a.db"), _ -> changes.incrementAndGet())) {
      Files.delete(gone);

      watched.again(); // looks at its database next, and finds nothing

      assertThat(changes).hasValueLessThanOrEqualTo(1);
    }
  }

  private void append(String name) throws IOException {
    Files.write(
        directory.resolve(name),
        new byte[] {1},
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  @Test
  void aFileThatAppearsInAWatchedDirectoryWakes() throws IOException {
    AtomicInteger changes = new AtomicInteger();
    try (Wake wake = Wake.start(NO_LOOKS);
        Wake.Watched _ = wake.watchDirectory(directory, _ -> changes.incrementAndGet())) {
      Files.writeString(directory.resolve("any.db"), "x");

      await().until(() -> changes.get() > 0);
    }
  }

  @Test
  void aDirectoryThatAppearsLaterIsWatchedThen() throws IOException {
    Path later = directory.resolve("later");
    AtomicInteger changes = new AtomicInteger();
    try (Wake wake = Wake.start(LOOKS);
        Wake.Watched watched =
            wake.watch(later.resolve("app.db"), _ -> changes.incrementAndGet())) {
      assertThat(watched.isPolled()).isTrue();
      Files.createDirectory(later);
      await().until(() -> !watched.isPolled());

      Files.writeString(later.resolve("app.db"), "x");

      await().until(() -> changes.get() > 0);
    }
  }

  @Test
  void whoIsClosedHearsNothingMore() throws IOException {
    AtomicInteger closed = new AtomicInteger();
    AtomicInteger open = new AtomicInteger();
    Path database = directory.resolve("app.db");
    try (Wake wake = Wake.start(NO_LOOKS);
        Wake.Watched _ = wake.watch(database, _ -> open.incrementAndGet())) {
      wake.watch(database, _ -> closed.incrementAndGet()).close();

      Files.writeString(database, "x");

      await().until(() -> open.get() > 0);
      assertThat(closed).hasValue(0);
    }
  }

  /** Without inotify: the events of a directory that is never registered don't come. */
  @Test
  void whereNoEventsComeALookFindsTheChangeAndTheOneRightBehindIt() throws IOException {
    Path database = directory.resolve("app.db");
    Files.writeString(database, "x");
    WatchedDirectory silent = new WatchedDirectory(directory, LOOKS, _ -> neverSignalled());
    AtomicInteger changes = new AtomicInteger();
    Wake.Watched watched = silent.add(database, LOOKS.polled(), _ -> changes.incrementAndGet());

    Files.writeString(database, "y", StandardOpenOption.APPEND);
    await()
        .until(() -> {
          silent.lookIfDue(Instant.now());
          if (changes.get() == 1) {
            watched.again();
          }
          return watched.isPolled();
        });

    assertThat(changes.get()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void anEventThatComesLaterThanTheLookDoesNotSwitchToPolling() throws IOException {
    Path database = directory.resolve("app.db");
    Files.writeString(database, "x");
    WatchedDirectory late = new WatchedDirectory(directory, LOOKS, _ -> neverSignalled());
    AtomicInteger changes = new AtomicInteger();
    Wake.Watched watched = late.add(database, LOOKS.polled(), _ -> changes.incrementAndGet());

    Files.writeString(database, "y", StandardOpenOption.APPEND);
    await()
        .until(() -> {
          late.lookIfDue(Instant.now());
          return changes.get() == 1;
        });
    late.changed("app.db", Instant.now());
    Pause.millis(300);
    late.lookIfDue(Instant.now());

    assertThat(watched.isPolled()).isFalse();
  }

  private WatchKey neverSignalled() throws IOException {
    return directory.register(
        FileSystems.getDefault().newWatchService(), StandardWatchEventKinds.ENTRY_CREATE);
  }

  private static org.awaitility.core.ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(5));
  }
}
