package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
  @TempDir Path directory;
  private FileWatch watch;
  private final AtomicInteger first = new AtomicInteger();
  private final AtomicInteger second = new AtomicInteger();

  @BeforeEach
  void start() throws IOException {
    watch = FileWatch.start();
  }

  @AfterEach
  void close() throws IOException {
    watch.close();
  }

  @Test
  void aStormOfChangesIsToldOnce() throws Exception {
    FileWatch.Registration storm = watch.watch(database("a.db"), first::incrementAndGet);
    FileWatch.Registration other = watch.watch(database("b.db"), second::incrementAndGet);

    for (int i = 0; i < 50; i++) {
      append("a.db-wal");
    }
    append("b.db-wal"); // events come in order: when this one is told, all before it were seen

    await().until(() -> second.get() == 1);
    assertThat(first).hasValue(1);
    storm.close();
    other.close();
  }

  @Test
  void theNextChangeIsToldToWhoAsksAgain() throws Exception {
    FileWatch.Registration changes = watch.watch(database("a.db"), first::incrementAndGet);
    append("a.db-wal");
    await().until(() -> first.get() == 1);

    changes.arm();
    append("a.db-wal");

    await().until(() -> first.get() == 2);
  }

  @Test
  void aDirectoryThatNobodyWantedToKnowOfIsWatchedAgain() throws Exception {
    FileWatch.Registration changes = watch.watch(database("a.db"), first::incrementAndGet);
    append("a.db-wal");
    await().until(() -> first.get() == 1);
    for (int i = 0; i < 50; i++) {
      append("a.db-wal"); // the watch ends, as these are for nobody
      Thread.sleep(1);
    }

    changes.arm();
    append("a.db-wal");

    await().until(() -> first.get() == 2);
  }

  @Test
  void whoHasNotAskedDoesNotHideTheDirectoryFromOthers() throws Exception {
    watch.watch(database("a.db"), first::incrementAndGet);
    append("a.db-wal");
    await().until(() -> first.get() == 1);

    watch.watch(database("b.db"), second::incrementAndGet);
    append("b.db");

    await().until(() -> second.get() == 1);
  }

  @Test
  void aDirectoryThatIsGoneIsNoErrorForWhoAsks() throws Exception {
    Path gone = Files.createDirectory(directory.resolve("gone"));
    FileWatch.Registration changes = watch.watch(gone.resolve("a.db"), first::incrementAndGet);
    Files.delete(gone);

    changes.arm(); // looks at its database next, and finds nothing

    assertThat(first).hasValueLessThanOrEqualTo(1);
  }

  private Path database(String name) {
    return directory.resolve(name);
  }

  private void append(String name) throws IOException {
    Files.write(
        directory.resolve(name),
        new byte[] {1},
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
