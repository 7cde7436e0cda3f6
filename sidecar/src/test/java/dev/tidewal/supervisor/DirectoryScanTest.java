package dev.tidewal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.config.DatabaseSource;
import dev.tidewal.database.Continuity.Recorded;
import dev.tidewal.database.DatabaseSettings;
import dev.tidewal.database.LiveDatabase;
import dev.tidewal.database.Wake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking for databases where others come and go, and where some are followed already. */
class DirectoryScanTest {
  @TempDir private Path directory;
  private final Set<Path> found = new ConcurrentSkipListSet<>();
  private final Chores chores = new Chores();
  private Wake wake;

  @BeforeEach
  void startWake() throws IOException {
    wake = Wake.start();
  }

  @AfterEach
  void end() throws IOException {
    chores.close();
    wake.close();
  }

  /** Closing any descriptor of a {@code -shm} file frees all locks that this process has on it. */
  @Test
  void lookingAtEveryFileKeepsThePinOfADatabaseThatIsFollowed() throws Exception {
    Path database = database("app.db");
    try (LiveDatabase live =
        LiveDatabase.open(database, DatabaseSettings.DEFAULTS, Recorded.NOTHING)) {
      Path index = Path.of(database + "-shm");
      Set<String> before = locks(index);
      assertThat(before).isNotEmpty();

      scan(directory, "*", true);

      assertThat(locks(index)).isEqualTo(before);
      assertThat(found).containsExactly(database);
      live.abandon(live.full());
    }
  }

  @Test
  void whatWasKeptAsideIsNoDatabaseToReplicate() throws Exception {
    Path database = database("app.db");
    Path aside = directory.resolve(".app.db-tidewal/branches/before-0000000000000007");
    Files.createDirectories(aside);
    Files.copy(database, aside.resolve("app.db"));

    scan(directory, "*.db", true);

    assertThat(found).containsExactly(database);
  }

  @Test
  void filesThatVanishMeanwhileEndNoScan() throws Exception {
    Path database = database("z.db");
    Thread churn = Thread.ofPlatform().daemon().start(this::comeAndGo);
    try {
      for (int i = 0; i < 200; i++) {
        found.clear();
        scan(directory, "*", true);
        assertThat(found).contains(database);
      }
    } finally {
      churn.interrupt();
      churn.join();
    }
  }

  @Test
  void aDirectoryMayBeReachedByALink() throws Exception {
    Path real = Files.createDirectory(directory.resolve("real"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), real);
    database("real/app.db");

    scan(link, "*.db", false);

    assertThat(found).containsExactly(link.resolve("app.db"));
  }

  private void scan(Path where, String pattern, boolean recursive) throws IOException {
    var source = new DatabaseSource.Directory(where, pattern, recursive, false);
    DirectoryScan.start(source, wake, chores, found::add).close();
  }

  /** As journals do, in directories of their own, too. */
  private void comeAndGo() {
    try {
      while (!Thread.interrupted()) {
        Path sub = Files.createDirectories(directory.resolve("sub"));
        for (int i = 0; i < 20; i++) {
          Files.writeString(directory.resolve("a" + i), "x");
          Files.writeString(sub.resolve("b" + i), "x");
        }
        for (int i = 0; i < 20; i++) {
          Files.delete(directory.resolve("a" + i));
          Files.delete(sub.resolve("b" + i));
        }
        Files.delete(sub);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Path database(String name) throws Exception {
    Path database = directory.resolve(name);
    try (Connection application = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = application.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("CREATE TABLE t(x)");
    }
    return database;
  }

  /** The ranges of a file that anybody has locked. */
  private static Set<String> locks(Path file) throws IOException {
    String inode = ":" + Files.getAttribute(file, "unix:ino");
    try (Stream<String> lines = Files.lines(Path.of("/proc/locks"))) {
      return lines
          .map(line -> line.trim().split("\\s+", -1))
          .filter(words -> words.length == 8 && words[5].endsWith(inode))
          .map(words -> words[3] + " " + words[6] + "-" + words[7])
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
