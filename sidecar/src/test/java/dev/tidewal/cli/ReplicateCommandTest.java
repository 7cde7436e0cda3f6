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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ReplicateCommandTest {
  @TempDir Path directory;
  private final Command command = new Command();
  private Path database;
  private String url;

  @BeforeEach
  void name() {
    database = directory.resolve("app.db");
    url = "file://" + directory.resolve("replica");
  }

  @Test
  void onceReplicatesWhatIsThereAndEnds() throws Exception {
    insert();
    Path restored = directory.resolve("restored.db");

    assertThat(replicateOnce()).as(command.err()).isZero();
    insert();
    assertThat(replicateOnce()).as(command.err()).isZero();

    assertThat(command.run("restore", "-o", restored.toString(), url)).isZero();
    assertThat(StoredDatabase.rows(restored)).isEqualTo(2);
  }

  @Test
  void aMissingDatabaseIsRestoredFirstWhenAsked() throws Exception {
    insert();
    replicateOnce();
    for (String file : new String[] {"app.db", "app.db-wal", "app.db-shm"}) {
      Files.deleteIfExists(directory.resolve(file));
    }
    deleteState();

    assertThat(replicateOnce("-restore-if-db-not-exists")).as(command.err()).isZero();

    assertThat(StoredDatabase.rows(database)).isEqualTo(1);
  }

  @Test
  void aLostVolumeBehindALinkIsRestoredBehindTheLink() throws Exception {
    Path volume = Files.createDirectory(directory.resolve("volume"));
    Files.createSymbolicLink(database, Path.of("volume/real.db"));
    insert();
    assertThat(replicateOnce()).as(command.err()).isZero();
    try (Stream<Path> files = Files.walk(volume)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(volume)) {
          Files.delete(file);
        }
      }
    }

    assertThat(replicateOnce("-restore-if-db-not-exists")).as(command.err()).isZero();

    assertThat(database).isSymbolicLink();
    assertThat(StoredDatabase.rows(volume.resolve("real.db"))).isEqualTo(1);
    assertThat(volume.resolve(".real.db-tidewal")).isDirectory();
  }

  @Test
  void aDatabaseThatIsNotThereIsTwo() {
    assertThat(replicateOnce()).isEqualTo(2);
    assertThat(command.err()).startsWith("tidewal: " + database + " does not exist");
  }

  @Test
  void aFileThatIsNoDatabaseIsRefused() throws Exception {
    Files.writeString(database, "Dear diary, today I replicated a text file.");

    assertThat(replicateOnce()).isEqualTo(4);
    assertThat(command.err()).contains("is not a SQLite database").hasLineCount(1);
  }

  @Test
  void aDatabaseInRollbackModeIsLeftAloneWhenAsked() throws Exception {
    insert();

    assertThat(replicateOnce("--no-convert")).isEqualTo(4);
    assertThat(command.err()).containsIgnoringCase("wal");
  }

  @Test
  void theCommandBesideGivesTheExitCodeAfterAFinalSync() throws Exception {
    insert();

    int code =
        command.run(
            "replicate", "--addr", "off", "--exec", "sh -c 'exit 42'", database.toString(), url);

    assertThat(code).as(command.err()).isEqualTo(42);
    assertThat(command.run("ltx", url)).isZero();
    assertThat(command.out()).contains("0000000000000001");
  }

  /** Before the application runs its file may be replaced; beside one that runs it may not. */
  @Test
  void anOldVolumeIsBroughtForwardBeforeTheCommandStarts() throws Exception {
    insert();
    assertThat(replicateOnce()).as(command.err()).isZero();
    Path old = Files.createDirectory(directory.resolve("old"));
    move("app.db", directory, old);
    move(".app.db-tidewal", directory, old);
    copy(old, directory);
    insert();
    assertThat(replicateOnce()).as(command.err()).isZero();
    for (String file : new String[] {"app.db", "app.db-wal", "app.db-shm"}) {
      Files.deleteIfExists(directory.resolve(file));
    }
    deleteState();
    copy(old, directory);

    assertThat(replicateOnce()).as("beside an application").isNotZero();
    assertThat(StoredDatabase.rows(database)).isEqualTo(1);
    Path seen = directory.resolve("seen");
    int code =
        command.run(
            "replicate",
            "--addr",
            "off",
            "--exec",
            "cp " + database + " " + seen,
            database.toString(),
            url);

    assertThat(code).as(command.err()).isZero();
    assertThat(StoredDatabase.rows(seen)).as("rows that the command saw").isEqualTo(2);
  }

  /** It would begin with an empty file where the data can't be brought back. */
  @Test
  void theCommandIsNotStartedWhenOneOfItsDatabasesCanNotBeBroughtBack() throws Exception {
    insert();
    replicateOnce();
    Path other = directory.resolve("other.db");
    Files.copy(database, other);
    for (String file : new String[] {"app.db", "app.db-wal", "app.db-shm"}) {
      Files.deleteIfExists(directory.resolve(file));
    }
    deleteState();
    try (Stream<Path> objects = Files.walk(directory.resolve("replica/ltx"))) {
      for (Path object : objects.filter(Files::isRegularFile).toList()) {
        Files.write(object, new byte[200]);
      }
    }
    Path ran = directory.resolve("ran");
    Path config =
        Files.writeString(
            directory.resolve("tidewal.yml"),
            """
            addr: off
            exec: touch %s
            databases:
              - path: %s
                restore-if-missing: true
                destinations:
                  - %s
              - path: %s
                destinations:
                  - file://%s
            """
                .formatted(ran, database, url, other, directory.resolve("replica-of-other")));

    assertThat(command.run("replicate", "--config", config.toString())).isEqualTo(5);

    assertThat(ran).doesNotExist();
    assertThat(database).doesNotExist();
    assertThat(command.err()).contains("the command is not started");
  }

  /** Killed between the file that was kept aside and the one that was to replace it. */
  @Test
  @Timeout(60)
  void aRestoreThatWasBegunIsFinishedBeforeTheCommandStarts() throws Exception {
    insert();
    assertThat(replicateOnce()).as(command.err()).isZero();
    for (String file : new String[] {"app.db", "app.db-wal", "app.db-shm"}) {
      Files.deleteIfExists(directory.resolve(file));
    }
    Files.writeString(directory.resolve(".app.db-tidewal/intent"), "kind=RESTORE\nowners=x\n");
    Path seen = directory.resolve("seen");

    int code =
        command.run(
            "replicate",
            "--addr",
            "off",
            "--exec",
            "cp " + database + " " + seen,
            database.toString(),
            url);

    assertThat(code).as(command.err()).isZero();
    assertThat(StoredDatabase.rows(seen)).isEqualTo(1);
  }

  /** As {@code cp -r} leaves it: owners and checksums are gone, differences are still there. */
  @Test
  void aReplicaThatWasCopiedWithoutItsMetadataIsRestored() throws Exception {
    fill();
    for (int round = 0; round < 3; round++) {
      assertThat(replicateOnce()).as(command.err()).isZero();
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
          Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA wal_autocheckpoint=0");
        statement.execute("UPDATE t SET x = randomblob(3000) WHERE rowid = 1");
        statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        statement.execute("UPDATE t SET x = randomblob(3000) WHERE rowid IN (3, 4, 5)");
        assertThat(replicateOnce()).as(command.err()).isZero();
      }
    }
    Path copied = directory.resolve("copied");
    try (Stream<Path> files = Files.walk(directory.resolve("replica"))) {
      for (Path file : files.toList()) {
        Path to = copied.resolve(directory.resolve("replica").relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.write(to, Files.readAllBytes(file));
        }
      }
    }
    Path restored = directory.resolve("restored.db");

    int code = command.run("restore", "-o", restored.toString(), "file://" + copied);

    assertThat(code).as(command.err()).isZero();
    assertThat(StoredDatabase.rows(restored)).isEqualTo(50);
  }

  private void fill() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (x)");
      statement.execute(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)"
              + " INSERT INTO t SELECT randomblob(3000) FROM n");
    }
  }

  /** What it refused is there and stays as it is: the others need not wait for a person. */
  @Test
  void theCommandStartsBesideADatabaseThatIsRefusedAndThere() throws Exception {
    insert();
    Path other = directory.resolve("other.db");
    Files.copy(database, other);
    Path config =
        Files.writeString(
            directory.resolve("tidewal.yml"),
            """
            addr: off
            exec: sh -c 'exit 42'
            databases:
              - path: %s
                convert: false
                destinations:
                  - %s
              - path: %s
                destinations:
                  - file://%s
            """
                .formatted(database, url, other, directory.resolve("replica-of-other")));

    assertThat(command.run("replicate", "--config", config.toString())).isEqualTo(42);

    assertThat(command.out() + command.err()).contains("Refused: " + database);
    assertThat(command.run("ltx", "file://" + directory.resolve("replica-of-other"))).isZero();
    assertThat(directory.resolve("replica/ltx")).doesNotExist();
  }

  /** The very first start: the command makes the database. */
  @Test
  @Timeout(60)
  void theCommandStartsWhereThereIsNothingToRestore() {
    Path ran = directory.resolve("ran");

    int code =
        command.run(
            "replicate",
            "--addr",
            "off",
            "--restore-if-missing",
            "--exec",
            "touch " + ran,
            database.toString(),
            url);

    assertThat(code).as(command.err()).isZero();
    assertThat(ran).exists();
  }

  @Test
  @Timeout(60)
  void onceEndsWhereThereIsNothingAtAll() {
    assertThat(replicateOnce("--restore-if-missing")).isEqualTo(2);
    assertThat(command.err()).contains("does not exist");
  }

  @Test
  @Timeout(60)
  void whatOnlyAnotherDestinationHasIsNotStartedEmpty() throws Exception {
    insert();
    replicateOnce();
    for (String file : new String[] {"app.db", "app.db-wal", "app.db-shm"}) {
      Files.deleteIfExists(directory.resolve(file));
    }
    deleteState();
    String emptied = "file://" + directory.resolve("emptied");
    Path ran = directory.resolve("ran");

    int code =
        command.run(
            "replicate",
            "--addr",
            "off",
            "--restore-if-missing",
            "--exec",
            "touch " + ran,
            database.toString(),
            emptied,
            url);

    assertThat(code).as(command.err()).isEqualTo(4);
    assertThat(command.err()).contains(url, "holds it up to 0000000000000001");
    assertThat(ran).doesNotExist();
  }

  @Test
  void aMissingDatabaseIsRestoredFromGenerationsOfLitestream03() throws Exception {
    StoredGenerations stored = new StoredGenerations(directory, 3);
    url = stored.url();

    assertThat(replicateOnce("-restore-if-db-not-exists")).as(command.err()).isZero();

    assertThat(StoredDatabase.rows(database)).isEqualTo(3);
    assertThat(command.run("ltx", url)).isZero();
    assertThat(command.out()).contains("0000000000000001");
  }

  @Test
  void wrongArgumentsAreTwoWithTheCure() {
    assertThat(command.run("replicate", database.toString())).isEqualTo(2);
    assertThat(command.err()).contains("Write replicate DB URL");
    assertThat(command.run("replicate", "--keep", "both", database.toString(), url)).isEqualTo(2);
    assertThat(command.err()).contains("--keep", "both");
    assertThat(command.run("replicate", "--addr", "9797", database.toString(), url)).isEqualTo(2);
    assertThat(command.err()).contains("is not an address");
    assertThat(command.run("replicate", database.toString(), "s4://bucket")).isEqualTo(2);
    assertThat(command.err()).contains("did you mean s3?");
  }

  private int replicateOnce(String... options) {
    String[] all = new String[options.length + 4];
    all[0] = "replicate";
    all[1] = "-once";
    System.arraycopy(options, 0, all, 2, options.length);
    all[all.length - 2] = database.toString();
    all[all.length - 1] = url;
    return command.run(all);
  }

  private void insert() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS t (x)");
      statement.execute("INSERT INTO t VALUES (1)");
    }
  }

  private static void move(String name, Path from, Path to) throws Exception {
    Files.move(from.resolve(name), to.resolve(name));
  }

  private static void copy(Path from, Path to) throws Exception {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** As on a new machine. */
  private void deleteState() throws Exception {
    Path state = directory.resolve(".app.db-tidewal");
    try (Stream<Path> files = Files.walk(state)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
