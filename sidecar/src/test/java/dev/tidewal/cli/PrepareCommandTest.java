package dev.tidewal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the first container of a pod does, on volumes in different states. */
class PrepareCommandTest {
  @TempDir Path directory;
  private final Command command = new Command();
  private Path volume;
  private Path database;
  private Path configuration;

  @BeforeEach
  void configure() throws Exception {
    volume = Files.createDirectory(directory.resolve("volume"));
    database = volume.resolve("app.db");
    configuration = directory.resolve("tidewal.yml");
    Files.writeString(
        configuration,
        """
        addr: "off"
        restore-if-missing: true
        databases:
          - path: %s
            destinations: ["file://%s"]
        """
            .formatted(database, directory.resolve("replica")));
  }

  @Test
  void aLostVolumeIsRestored() throws Exception {
    insert();
    assertThat(prepare()).as(command.err()).isZero();
    empty(volume);

    assertThat(prepare()).as(command.err()).isZero();

    assertThat(StoredDatabase.rows(database)).isEqualTo(1);
  }

  @Test
  void anOldVolumeIsBroughtForward() throws Exception {
    insert();
    assertThat(prepare()).as(command.err()).isZero();
    Path old = directory.resolve("old");
    copy(volume, old);
    insert();
    assertThat(prepare()).as(command.err()).isZero();
    empty(volume);
    copy(old, volume);

    assertThat(prepare()).as(command.err()).isZero();

    assertThat(StoredDatabase.rows(database)).isEqualTo(2);
  }

  @Test
  void theFirstStartOfAllHasNothingToDo() {
    assertThat(prepare()).as(command.err()).isZero();
    assertThat(database).doesNotExist();
  }

  @Test
  void theFirstStartOfAllIsRefusedWhereADatabaseIsRequired() {
    assertThat(prepare("--require")).isEqualTo(3);
    assertThat(command.err()).contains(database.toString());
  }

  @Test
  void whereDataMustBeAndIsNotTheApplicationDoesNotStart() throws Exception {
    insert();
    assertThat(prepare()).as(command.err()).isZero();
    empty(directory.resolve("replica"));
    Files.delete(database);
    Files.deleteIfExists(volume.resolve("app.db-wal"));

    assertThat(prepare()).isEqualTo(4);

    assertThat(command.err()).contains("replica");
    assertThat(database).doesNotExist();
  }

  @Test
  void anApplicationWhoseDatabaseIsHereStartsWithoutTheStore() throws Exception {
    insert();
    assertThat(prepare()).as(command.err()).isZero();
    Path away = directory.resolve("away");
    Files.move(directory.resolve("replica"), away);
    Files.writeString(directory.resolve("replica"), "in the way");

    assertThat(prepare()).as(command.err()).isZero();
  }

  @Test
  void ofSeveralDatabasesAPodMayHaveOne() throws Exception {
    Path other = volume.resolve("other.db");
    Files.writeString(
        configuration,
        Files.readString(configuration)
            + "  - path: "
            + other
            + "\n"
            + "    destinations: [\"file://"
            + directory.resolve("other")
            + "\"]\n");
    insert();
    command.with("TIDEWAL_DATABASE", database.toString());

    assertThat(prepare()).as(command.err()).isZero();

    assertThat(directory.resolve("replica")).isDirectory();
    assertThat(directory.resolve("other")).doesNotExist();
    command.with("TIDEWAL_DATABASE", "/nowhere.db");
    assertThat(prepare()).isEqualTo(2);
    assertThat(command.err()).contains("/nowhere.db", other.toString());
  }

  private int prepare(String... options) {
    String[] arguments =
        Stream.concat(Stream.of("prepare", "-config", configuration.toString()), Stream.of(options))
            .toArray(String[]::new);
    return command.run(arguments);
  }

  private void insert() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = wal");
      statement.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY)");
      statement.execute("INSERT INTO t DEFAULT VALUES");
    }
  }

  private static void empty(Path folder) throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(folder)) {
          Files.delete(file);
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws Exception {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }
}
